/** From a request to its person, by a bearer token of the configured issuer. */
import type { Context } from 'koa';
import type { User } from '../../src/models/user';
import type { Deps } from '../route';
import { bearerToken } from './bearer';
import { verifiedClaims } from './claims';
import { identityOf } from './identity';
import { issuerKeys } from './issuer-keys';
import { personOf } from './person';

/** Keys are kept between requests, nothing else: a change of role counts with the next request. */
export function signIn({ db, config: { auth }, log }: Deps, issuer: string): (ctx: Context) => Promise<User> {
  const { audience, jwksUrl, adminEmails } = auth;
  if (audience === null) log.warn('AUTH_AUDIENCE is not set: tokens for any audience of the issuer count');
  const keys = issuerKeys({ issuer, jwksUrl });
  return async (ctx) => {
    const claims = await verifiedClaims(bearerToken(ctx.get('Authorization')), keys, { issuer, audience });
    return personOf(db, identityOf(claims), adminEmails);
  };
}
