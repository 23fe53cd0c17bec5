/** From a request to its person, by a bearer token of the configured issuer. */
import type { Context } from 'koa';
import type { User } from '../../src/models/user';
import type { Deps } from '../route';
import { bearerToken } from './bearer';
import { verifiedClaims } from './claims';
import { identityOf, type Identity } from './identity';
import { issuerKeys } from './issuer-keys';
import { personOf } from './person';

export interface SignIn {
  /** Who the token speaks of. Asks the issuer at most, never Postgres. */
  identify(ctx: Context): Promise<Identity>;
  person(identity: Identity): Promise<User>;
}

/** Keys are kept between requests, nothing else: a change of role counts with the next request. */
export function signIn({ db, config: { auth }, log }: Deps, issuer: string): SignIn {
  const { audience, jwksUrl, adminEmails } = auth;
  if (audience === null) log.warn('AUTH_AUDIENCE is not set: tokens for any audience of the issuer count');
  const keys = issuerKeys({ issuer, jwksUrl });
  return {
    async identify(ctx) {
      const token = bearerToken(ctx.get('Authorization'));
      return identityOf(await verifiedClaims(token, keys, { issuer, audience }));
    },
    person: (identity) => personOf(db, identity, adminEmails),
  };
}
