/** Who a token speaks of. */
import type { JWTPayload } from 'jose';
import { text } from '../../src/domain/text';
import { email } from '../schemas';
import { tokenRefused } from './bearer';

const MAX_NAME_CHARS = 200;

/** The person's address (lower case) is who they are; the name is what a new user is called at first. */
export interface Identity {
  email: string;
  name: string;
}

/**
 * Reads the standard claims of OpenID Connect (Core §5.1), top-level ones only: what a person may write into their own
 * profile (`user_metadata` of Supabase) proves nothing. No `email_verified` = the issuer knows verified ones only.
 * @throws AppError `unauthenticated` without a verified address.
 */
export function identityOf(claims: JWTPayload): Identity {
  const address = email().validate(claims.email).value as unknown;
  if (typeof address !== 'string' || email().validate(claims.email).error)
    throw tokenRefused('The token has no e-mail address: ask the issuer for the scope "email".');
  if (![undefined, true, 'true'].includes(claims.email_verified as undefined))
    throw tokenRefused('The e-mail address is not verified yet.');
  return { email: address, name: nameOf(claims, address) };
}

function nameOf({ name, preferred_username: nick }: JWTPayload, address: string): string {
  const candidates = [name, nick].map((claim) => (typeof claim === 'string' ? shortened(claim) : ''));
  return candidates.find(Boolean) ?? address.slice(0, address.lastIndexOf('@'));
}

/** By whole characters: half of a surrogate pair is none. */
const shortened = (name: string) => [...text(name)].slice(0, MAX_NAME_CHARS).join('').trim();
