import type { Middleware } from 'koa';

/** Answers are data for one caller: not sniffed, framed, run or kept. A route may allow keeping. */
const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

export const securityHeaders: Middleware = async (ctx, next) => {
  ctx.set(HEADERS);
  await next();
};
