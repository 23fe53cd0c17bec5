/**
 * Says who calls. The one place: everything below sees a `User` and no token.
 *
 * With an issuer the bearer token says it (`sign-in/`). Local mode (no issuer configured; the server listens on loopback
 * only): everybody is the seeded user.
 */
import type { Context, Middleware } from 'koa';
import { LOCAL_USER } from '../../src/db/seed';
import { User } from '../../src/models/user';
import { notFound } from '../errors';
import type { Deps } from '../route';
import { signIn } from '../sign-in/sign-in';

export interface Callers {
  /** Leaves the user in `ctx.state.caller`. */
  anybody: Middleware;
  /** Lets admins pass and leaves nobody; to others there is nothing here. Those in `ADMIN_EMAILS` need no Postgres. */
  admins: Middleware;
}

export function callers(deps: Deps): Callers {
  const { issuer, adminEmails } = deps.config.auth;
  if (deps.identify) return { anybody: leaving(deps.identify), admins: onlyAdmins(deps.identify) };
  if (issuer === null) return { anybody: leaving(() => localUser(deps)), admins: (_, next) => next() };
  const { identify, person } = signIn(deps, issuer);
  return {
    anybody: leaving(async (ctx) => person(await identify(ctx))),
    admins: onlyAdmins(async (ctx) => {
      const identity = await identify(ctx);
      return adminEmails.includes(identity.email) ? { role: 'admin' } : person(identity);
    }),
  };
}

const leaving =
  (identify: (ctx: Context) => Promise<User>): Middleware =>
  async (ctx, next) => {
    ctx.state.caller = await identify(ctx);
    await next();
  };

const onlyAdmins =
  (identify: (ctx: Context) => Promise<Pick<User, 'role'>>): Middleware =>
  async (ctx, next) => {
    if ((await identify(ctx)).role !== 'admin') throw notFound('resource');
    await next();
  };

async function localUser({ db }: Deps): Promise<User> {
  const user = await User.query(db).findById(LOCAL_USER.id);
  if (!user) throw new Error('the local user is missing: run the migrate step');
  return user;
}
