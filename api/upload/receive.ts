/** Reads a multipart body with one file; says no as early as it can. */
import multer from '@koa/multer';
import type { Context } from 'koa';
import { ProviderError } from '../../src/provider-error';
import { AppError } from '../errors';
import { storeProblem } from '../store-problem';
import { tooLarge, UploadEngine, type ReceivedFile, type Target } from './storage-engine';

/** The fields and part headers around a file that is just small enough. */
const SLACK_BYTES = 1024 ** 2;
/** No byte for so long: the client is gone or never meant it. */
const IDLE_MS = 60_000;
const LOOK_EVERY_MS = 5_000;

/** Six fields and a file, with room for one mistake to be reported by name. */
const LIMITS = {
  files: 1,
  fields: 12,
  parts: 14,
  fieldSize: 100_000,
  fieldNameSize: 64,
  headerPairs: 50,
  fieldNestingDepth: 0,
  fieldArrayIndexLimit: 0,
};

export interface Received {
  fields: Record<string, unknown>;
  file: ReceivedFile;
}

export interface Options extends Omit<Target, 'signal'> {
  maxBytes: number;
  /** Called now and then while bytes arrive. */
  onProgress: () => void;
  idleMs?: number;
}

/** @throws AppError `unsupported-media-type`, `malformed-upload`, `file-too-large`: before any byte is read */
export function refuseEarly(ctx: Context, maxBytes: number): void {
  if (!ctx.is('multipart/form-data')) {
    throw new AppError('unsupported-media-type', 'Send multipart/form-data with the recording in "file".');
  }
  if ((ctx.request.length ?? 0) > maxBytes + SLACK_BYTES) throw closing(ctx, tooLarge());
}

/**
 * Receives fields and file. After a throw nothing is being written any more, but a finished object may be there.
 * @throws AppError for what is wrong with the upload
 */
export async function receive(ctx: Context, options: Options): Promise<Received> {
  const stop = new AbortController();
  const failed = Promise.withResolvers<never>();
  const engine = new UploadEngine({ ...options, signal: stop.signal }, failed.reject);
  const limits = { ...LIMITS, fileSize: options.maxBytes };
  const settings = { storage: engine, limits, defParamCharset: 'utf8' };
  const parse = multer(settings as unknown as multer.Options).single('file');
  const watch = watchArrival(ctx, options, failed.reject);
  try {
    await Promise.race([parse(ctx, () => Promise.resolve()), failed.promise]);
  } catch (error) {
    stop.abort();
    await engine.settled;
    throw closing(ctx, asAppError(error));
  } finally {
    clearInterval(watch);
  }
  if (!engine.file) throw malformed('There is no file in the field "file".');
  return { fields: ctx.request.body as Record<string, unknown>, file: engine.file };
}

/** Our answer comes while the client still sends: the connection can't be used for another request. */
function closing(ctx: Context, error: unknown): unknown {
  if (!ctx.req.complete) ctx.set('Connection', 'close');
  return error;
}

function watchArrival(
  ctx: Context,
  { maxBytes, onProgress, idleMs = IDLE_MS }: Options,
  fail: (error: AppError) => void,
): NodeJS.Timeout {
  const { socket } = ctx.req;
  const start = socket.bytesRead;
  let seen = start;
  let lastByteAt = performance.now();
  const look = () => {
    if (socket.bytesRead !== seen) {
      seen = socket.bytesRead;
      lastByteAt = performance.now();
      onProgress();
    } else if (performance.now() - lastByteAt > idleMs) {
      fail(new AppError('request-timeout', `No byte arrived for ${idleMs / 1000} s.`));
    }
    // Without a Content-Length only the count tells that somebody sends for ever behind a field or a refused file.
    if (seen - start > maxBytes + 2 * SLACK_BYTES) fail(tooLarge());
  };
  return setInterval(look, Math.min(LOOK_EVERY_MS, idleMs / 4));
}

const malformed = (detail: string) => new AppError('malformed-upload', detail);

const MULTER: Record<string, () => AppError> = {
  LIMIT_FILE_SIZE: tooLarge,
  LIMIT_FILE_COUNT: () => malformed('One upload has one file.'),
  LIMIT_UNEXPECTED_FILE: () => malformed('Send one file, in the field "file".'),
  LIMIT_PART_COUNT: () => malformed('There are too many parts.'),
  LIMIT_FIELD_COUNT: () => malformed('There are too many fields.'),
  LIMIT_FIELD_KEY: () => malformed('The name of a field is too long.'),
  LIMIT_FIELD_VALUE: () => malformed('The value of a field is too long.'),
  LIMIT_FIELD_NESTING: () => malformed('The names of fields have no brackets.'),
  LIMIT_FIELD_ARRAY_INDEX: () => malformed('The names of fields have no brackets.'),
  MISSING_FIELD_NAME: () => malformed('A part has no name.'),
  INVALID_FIELD_NAME: () => malformed('The name of a field can not be read.'),
};

/** Of the parser that multer is built on; it has no codes. */
const PARSER =
  /^(Multipart: |Unexpected end of |Malformed |Missing Content-Type|Unsupported content type|Request (aborted|closed))/;

function asAppError(error: unknown): unknown {
  if (error instanceof ProviderError) return storeProblem(error);
  if (!(error instanceof Error) || error instanceof AppError) return error;
  const known = MULTER[(error as { code?: string }).code ?? ''];
  if (known) return known();
  return PARSER.test(error.message) ? malformed('The multipart body is broken or ends too soon.') : error;
}
