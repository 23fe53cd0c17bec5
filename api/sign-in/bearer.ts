/** The token out of the header, and the refusals of sign-in. */
import { AppError } from '../errors';

/** Far above what issuers send (1–4 KB); all headers together have 16 KB. */
const MAX_TOKEN_CHARS = 8192;
/** `b64token` of RFC 6750 §2.1; the scheme's name is case-insensitive. */
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/**
 * The token of an `Authorization` header.
 * @throws AppError `unauthenticated` when there is none, or one that is too long to be looked at.
 */
export function bearerToken(authorization: string): string {
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) {
    const detail = 'Send "Authorization: Bearer" and a token of the issuer.';
    throw new AppError('unauthenticated', detail, [], { 'WWW-Authenticate': 'Bearer' });
  }
  if (token.length > MAX_TOKEN_CHARS)
    throw tokenRefused(`The token is longer than ${MAX_TOKEN_CHARS} characters.`);
  return token;
}

/** There is a token, but not one that lets anybody in (RFC 6750 §3.1). */
export const tokenRefused = (detail: string): AppError =>
  new AppError('unauthenticated', detail, [], { 'WWW-Authenticate': 'Bearer error="invalid_token"' });
