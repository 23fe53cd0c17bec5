import { randomUUID } from 'node:crypto';
import type { Middleware } from 'koa';
import type { AppState } from './state';

const ACCEPTED = /^[A-Za-z0-9_-]{8,64}$/;

/** Takes the client's `X-Request-Id` when it is harmless, else makes one; says it in the answer. */
export const requestId: Middleware<AppState> = async (ctx, next) => {
  const given = ctx.get('X-Request-Id');
  ctx.state.requestId = ACCEPTED.test(given) ? given : randomUUID();
  ctx.set('X-Request-Id', ctx.state.requestId);
  await next();
};
