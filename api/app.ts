/** The HTTP surface: middleware in order, then the routes of the one list. */
import Router from '@koa/router';
import Koa, { type Context } from 'koa';
import { AppError, notFound } from './errors';
import { handle } from './handle';
import { bringsTicket } from './media-ticket';
import { accessLog } from './middleware/access-log';
import { callers } from './middleware/caller';
import { cors } from './middleware/cors';
import { measure } from './middleware/measure';
import { problems } from './middleware/problems';
import { requestId } from './middleware/request-id';
import { sameSite } from './middleware/same-site';
import { securityHeaders } from './middleware/security-headers';
import { withDocument } from './openapi/routes';
import type { Deps, Route } from './route';
import { routes } from './routes';

/** `app.callback()` serves it; `startServer` in `server.ts` listens with the right limits. */
export function createApp(deps: Deps): Koa {
  const app = new Koa();
  app.use(measure(deps.metrics));
  app.use(requestId);
  app.use(accessLog(deps.log));
  app.use(securityHeaders);
  app.use(cors(deps.config.server.corsOrigins));
  app.use(problems(deps.log));
  if (deps.config.auth.issuer === null) app.use(sameSite(deps.config.server));
  const { list } = withDocument(routes, deps.config.auth.issuer !== null);
  app.use(createRouter(deps, list).routes() as Koa.Middleware);
  app.use(refuseTheRest);
  app.on('error', (error: NodeJS.ErrnoException, ctx?: Context) => {
    // A client that leaves in the middle of a stream is its own business.
    const level =
      error.code === 'ERR_STREAM_PREMATURE_CLOSE' || error.code === 'ECONNRESET' ? 'debug' : 'error';
    deps.log[level]({ err: error, requestId: ctx?.state.requestId as unknown }, 'response broken off');
  });
  return app;
}

function createRouter(deps: Deps, list: Route[]): Router {
  const router = new Router();
  const { anybody, admins } = callers(deps);
  const admission = (route: Route) => {
    if (route.public) return [];
    if (route.admins) return [admins];
    return [route.byTicket ? unlessTicket(anybody) : anybody];
  };
  for (const route of list) {
    const layers = [remember(route), ...admission(route), handle(route, deps)];
    router.register(route.path, [route.method], layers as never);
  }
  return router;
}

const unlessTicket =
  (identify: Koa.Middleware): Koa.Middleware =>
  async (ctx, next) => {
    await (bringsTicket(ctx) ? next() : identify(ctx, next));
  };

const remember =
  ({ path }: Route): Koa.Middleware =>
  (ctx, next) => {
    ctx.state.route = path;
    return next();
  };

/** No route took it: the path is unknown, or known with other methods. */
function refuseTheRest(ctx: Context): void {
  const layers = (ctx.matched ?? []) as { methods: string[] }[];
  if (layers.length === 0) throw notFound('resource');
  const allow = [...new Set(layers.flatMap((layer) => layer.methods)), 'OPTIONS'].join(', ');
  ctx.set('Allow', allow);
  if (ctx.method !== 'OPTIONS') throw new AppError('method-not-allowed', `Use one of ${allow}.`);
  ctx.status = 204;
}
