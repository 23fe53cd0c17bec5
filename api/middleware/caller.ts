/**
 * Says who calls. The one place: everything below sees a `User` and no token.
 *
 * With an issuer the bearer token says it (`sign-in/`). Local mode (no issuer configured; the server listens on loopback
 * only): everybody is the seeded user.
 */
import type { Context, Middleware } from 'koa';
import { LOCAL_USER } from '../../src/db/seed';
import { User } from '../../src/models/user';
import type { Deps } from '../route';
import { signIn } from '../sign-in/sign-in';

export function caller(deps: Deps): Middleware {
  const identify = deps.identify ?? configured(deps);
  return async (ctx, next) => {
    ctx.state.caller = await identify(ctx);
    await next();
  };
}

function configured(deps: Deps): (ctx: Context) => Promise<User> {
  const { issuer } = deps.config.auth;
  return issuer === null ? () => localUser(deps) : signIn(deps, issuer);
}

async function localUser({ db }: Deps): Promise<User> {
  const user = await User.query(db).findById(LOCAL_USER.id);
  if (!user) throw new Error('the local user is missing: run the migrate step');
  return user;
}
