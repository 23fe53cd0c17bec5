import type { Context, Middleware } from 'koa';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const REQUEST_HEADERS =
  'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Prefer, Range, X-Request-Id';
const EXPOSED =
  'Content-Range, ETag, Idempotency-Replayed, Location, Preference-Applied, Retry-After, X-Request-Id';
/** How long a browser may keep a preflight's answer. */
const MAX_AGE_S = 600;

/**
 * Pages of the listed origins (exact, with scheme and port) may read the answers; no others. Credentials are allowed for
 * the cookie that connecting a calendar needs; nothing else looks at any.
 */
export function cors(origins: readonly string[]): Middleware {
  return async (ctx, next) => {
    ctx.vary('Origin');
    const allowed = origins.includes(ctx.get('Origin'));
    if (allowed) {
      ctx.set('Access-Control-Allow-Origin', ctx.get('Origin'));
      ctx.set('Access-Control-Allow-Credentials', 'true');
      ctx.set('Access-Control-Expose-Headers', EXPOSED);
    }
    if (isPreflight(ctx)) return answerPreflight(ctx, allowed);
    await next();
  };
}

const isPreflight = (ctx: Context) =>
  ctx.method === 'OPTIONS' && ctx.get('Origin') !== '' && ctx.get('Access-Control-Request-Method') !== '';

/** A page that is not allowed gets the same answer without the headers that its browser looks for. */
function answerPreflight(ctx: Context, allowed: boolean): void {
  ctx.status = 204;
  if (!allowed) return;
  ctx.set('Access-Control-Allow-Methods', METHODS);
  ctx.set('Access-Control-Allow-Headers', REQUEST_HEADERS);
  ctx.set('Access-Control-Max-Age', String(MAX_AGE_S));
}
