import type { Middleware } from 'koa';
import type { Metrics } from '../metrics/metrics';
import type { AppState } from './state';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Counts and times requests. What nobody serves counts as one route: a scanner must not fill the memory. */
export function measure({ requests, durations, inFlight }: Metrics): Middleware<AppState> {
  return async (ctx, next) => {
    const startedAt = performance.now();
    inFlight.inc();
    ctx.res.once('close', () => {
      inFlight.dec();
      const method = METHODS.has(ctx.method) ? ctx.method : 'other';
      const route = ctx.state.route ?? 'none';
      const status = ctx.res.writableFinished ? ctx.res.statusCode : 499;
      requests.inc({ method, route, status });
      durations.observe({ method, route }, (performance.now() - startedAt) / 1000);
    });
    await next();
  };
}
