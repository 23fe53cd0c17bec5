/** Checks a token: who signed it, for whom, and when. */
import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { tokenRefused } from './bearer';

/** Signatures with a private key only: with a shared secret, a published key could sign (RFC 8725 §2.1). */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
/** Clocks of two machines may differ by that much. */
const LEEWAY_S = 60;
/** What an access or id token calls itself; others (`logout+jwt`, `secevent+jwt`) sign nobody in (RFC 8725 §3.11). */
const TYPES = ['jwt', 'at+jwt'];

export interface Expected {
  issuer: string;
  /** null = tokens for any audience of the issuer. */
  audience: string | null;
}

/**
 * The claims of a token that the issuer signed and that is valid now. Keys come from `keys` alone: what a token says
 * about its own keys (`jku`, `x5u`, `jwk`) is ignored.
 * @throws AppError `unauthenticated` with the reason; what `keys` throws passes.
 */
export async function verifiedClaims(
  token: string,
  keys: JWTVerifyGetKey,
  { issuer, audience }: Expected,
): Promise<JWTPayload> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer,
      ...(audience !== null && { audience }),
      algorithms: ALGORITHMS,
      clockTolerance: LEEWAY_S,
      requiredClaims: ['exp'],
    });
    requireType(protectedHeader.typ);
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) throw tokenRefused(reason(error));
    throw error;
  }
}

function requireType(type: unknown): void {
  if (type === undefined) return;
  const bare = typeof type === 'string' ? type.toLowerCase().replace(/^application\//, '') : '';
  if (!TYPES.includes(bare)) throw tokenRefused('This kind of token (typ) signs nobody in.');
}

/** Claims are named only once the signature is right: whoever reads it has a real token. */
function reason(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired.';
  if (error instanceof errors.JWTClaimValidationFailed)
    return `The token's "${error.claim}" is not what this server expects.`;
  return 'The token is not one that the issuer has signed.';
}
