/**
 * Says who calls. The one place: everything below sees a `User` and no token.
 *
 * Local mode (no issuer configured; the server listens on loopback only): everybody is the seeded user. With an
 * issuer, the bearer token is verified here; until sign-in is built such a server lets nobody in.
 */
import type { Middleware } from 'koa';
import { LOCAL_USER } from '../../src/db/seed';
import { User } from '../../src/models/user';
import { AppError } from '../errors';
import type { Deps } from '../route';

export function caller(deps: Deps): Middleware {
  const identify = deps.identify ?? (() => localUser(deps));
  return async (ctx, next) => {
    ctx.state.caller = await identify(ctx);
    await next();
  };
}

async function localUser({ db, config }: Deps): Promise<User> {
  if (config.auth.issuer !== null) throw new AppError('unauthorized', 'Sign-in is not available yet.');
  const user = await User.query(db).findById(LOCAL_USER.id);
  if (!user) throw new Error('the local user is missing: run the migrate step');
  return user;
}
