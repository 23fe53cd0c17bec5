/** The one place that catches: whatever is thrown below leaves as a problem document (RFC 9457). */
import { isHttpError } from 'http-errors';
import type { Context, Middleware } from 'koa';
import type { Logger } from '../../src/log';
import { AppError, ERRORS, problemDocument, type ErrorCode } from '../errors';
import { isServiceAway } from '../../src/db/service-away';

export function problems(log: Logger): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (clientIsGone(ctx)) return;
      const problem = asAppError(error);
      if (ERRORS[problem.code].status >= 500) {
        log.error({ err: error, requestId: ctx.state.requestId }, problem.code);
      }
      answer(ctx, problem);
    }
  };
}

/** Nobody reads the answer of a request whose connection has gone; the access log says `aborted`. */
const clientIsGone = (ctx: Context) => ctx.req.destroyed && !ctx.req.complete;

function answer(ctx: Context, problem: AppError): void {
  const { status } = ERRORS[problem.code];
  ctx.set(problem.headers);
  ctx.status = status;
  ctx.body = JSON.stringify(problemDocument(problem, ctx.state.requestId as string));
  ctx.set('Content-Type', 'application/problem+json; charset=utf-8');
}

const BY_STATUS: Record<number, ErrorCode> = {
  404: 'not-found',
  405: 'method-not-allowed',
  408: 'request-timeout',
  413: 'payload-too-large',
  415: 'unsupported-media-type',
};

function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isServiceAway(error)) {
    return new AppError(
      'service-unavailable',
      'Something that this request needs is away for the moment.',
      [],
      {
        'Retry-After': '5',
      },
    );
  }
  if (isHttpError(error) && error.statusCode < 500) {
    return new AppError(BY_STATUS[error.statusCode] ?? 'malformed-request', error.message);
  }
  return new AppError('internal-error', 'The request id finds it in the log.');
}
