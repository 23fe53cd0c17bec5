/** Reads a JSON body: at most 1 MB, at most so deep, within a deadline. */
import { bodyParser } from '@koa/bodyparser';
import { isHttpError } from 'http-errors';
import type { Context } from 'koa';
import getRawBody from 'raw-body';
import { AppError } from './errors';

/** Longest lists of participants fit many times over. */
const LIMIT = '1mb';
/** Our deepest body has three levels. */
const MAX_DEPTH = 16;
/** 1 MB over a slow phone line. Uploads have a deadline of their own. */
const DEADLINE_MS = 30_000;

const parseJson = bodyParser({
  enableTypes: ['json'],
  jsonLimit: LIMIT,
  parsedMethods: ['POST', 'PUT', 'PATCH', 'DELETE'],
});

/**
 * The parsed body, `{}` when there is none.
 * @throws AppError `unsupported-media-type`, `payload-too-large`, `malformed-json`, `request-timeout`
 */
export async function readJson(ctx: Context): Promise<unknown> {
  requireJson(ctx);
  const overdue = deadline(ctx);
  try {
    await Promise.race([parseJson(ctx, () => Promise.resolve()), overdue.promise]);
  } catch (error) {
    throw refusal(error);
  } finally {
    overdue.clear();
  }
  const body = ctx.request.body ?? {};
  if (deeperThan(MAX_DEPTH, body)) {
    throw new AppError('malformed-json', `The body is nested more than ${MAX_DEPTH} levels deep.`);
  }
  return body;
}

/**
 * The body as it came, for what is signed byte by byte.
 * @throws AppError `payload-too-large`, `malformed-request`, `request-timeout`
 */
export async function readBytes(ctx: Context): Promise<Buffer> {
  const overdue = deadline(ctx);
  try {
    const { length } = ctx.request;
    const body = getRawBody(ctx.req, { limit: LIMIT, ...(length !== undefined && { length }) });
    return await Promise.race([body, overdue.promise]);
  } catch (error) {
    throw refusal(error);
  } finally {
    overdue.clear();
  }
}

/** Compressed bodies and other character sets are not taken: nobody needs them within 1 MB. */
function requireJson(ctx: Context): void {
  if (ctx.request.length === 0 || ctx.is('application/json') === null) return;
  const encoding = ctx.get('Content-Encoding') || 'identity';
  const charset = ctx.request.charset || 'utf-8';
  if (ctx.is('application/json') && encoding === 'identity' && /^utf-?8$/i.test(charset)) return;
  throw new AppError('unsupported-media-type', 'Send application/json in UTF-8, not compressed.');
}

function deadline(ctx: Context) {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      ctx.set('Connection', 'close');
      reject(new AppError('request-timeout', `The body did not arrive within ${DEADLINE_MS / 1000} s.`));
    }, DEADLINE_MS);
  });
  return { promise, clear: () => clearTimeout(timer) };
}

function refusal(error: unknown): unknown {
  if (error instanceof SyntaxError) return new AppError('malformed-json', 'The body is not a JSON object.');
  if (!isHttpError(error)) return error;
  if (error.statusCode === 413) return new AppError('payload-too-large', `A body has at most ${LIMIT}.`);
  return error;
}

/** Walks level by level, so that the depth of the input can't exhaust the stack. */
function deeperThan(limit: number, value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) return true;
    level = level.flatMap(childrenOf);
  }
  return false;
}

const childrenOf = (value: unknown): unknown[] =>
  value !== null && typeof value === 'object' ? Object.values(value) : [];
