/**
 * Local mode has no sign-in: whoever reaches the server is its user. It listens on loopback only, but any web page that
 * the user opens could reach it through their browser. Two checks keep those out.
 */
import type { Context, Middleware } from 'koa';
import type { Config } from '../../src/config';
import { isLoopback } from '../../src/config/urls';
import { AppError } from '../errors';

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

export function sameSite({
  publicUrl,
  corsOrigins,
}: Pick<Config['server'], 'publicUrl' | 'corsOrigins'>): Middleware {
  const ownHost = new URL(publicUrl).host;
  return async (ctx, next) => {
    requireOwnName(ctx, ownHost);
    requireKnownPage(ctx, corsOrigins);
    await next();
  };
}

/** A page whose name was made to point to 127.0.0.1 (DNS rebinding) still says its own name in `Host`. */
function requireOwnName(ctx: Context, ownHost: string): void {
  const host = ctx.get('Host');
  const name = host.replace(/:\d*$/, '');
  if (host === '' || host === ownHost || isLoopback(name)) return;
  throw new AppError(
    'host-not-allowed',
    'Without sign-in the server answers on loopback, and as PUBLIC_URL, only.',
  );
}

/** A form on another page can send a POST without asking first; browsers say in `Origin` where it comes from. */
function requireKnownPage(ctx: Context, origins: readonly string[]): void {
  const origin = ctx.get('Origin');
  const own = `http://${ctx.get('Host')}`;
  if (SAFE_METHODS.includes(ctx.method) || ['', own, ...origins].includes(origin)) return;
  throw new AppError('origin-not-allowed', 'Add the origin of the page to CORS_ORIGINS.');
}
