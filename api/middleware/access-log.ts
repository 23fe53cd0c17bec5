import type { Middleware } from 'koa';
import type { Logger } from '../../src/log';
import type { AppState } from './state';

const HEALTH = ['/livez', '/readyz', '/metrics'];

/** One line per request. No body, no query (search words are content), no headers. */
export function accessLog(log: Logger): Middleware<AppState> {
  return async (ctx, next) => {
    const startedAt = performance.now();
    ctx.res.once('close', () => {
      const line = {
        requestId: ctx.state.requestId,
        method: ctx.method,
        route: ctx.state.route ?? null,
        path: ctx.path.slice(0, 200),
        status: ctx.res.statusCode,
        durationMs: Math.round(performance.now() - startedAt),
        ...(!ctx.res.writableFinished && { aborted: true }),
      };
      log[HEALTH.includes(ctx.path) ? 'debug' : 'info'](line, 'request');
    });
    await next();
  };
}
