/** The header `Idempotency-Key`: a quoted string as the draft of the IETF wants it, or bare as most clients send it. */
import type { Context } from 'koa';
import { parseItem } from 'structured-headers';
import { AppError } from '../errors';

const HEADER = 'Idempotency-Key';
const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * The key without its quotes, or null when none was sent.
 * @throws AppError `invalid-header`
 */
export function idempotencyKey(ctx: Context): string | null {
  const sent = ctx.req.headers[HEADER.toLowerCase()];
  if (sent === undefined) return null;
  const key = unquoted(String(sent));
  if (key !== null && KEY.test(key)) return key;
  const detail = `${HEADER} has 1 to 255 visible ASCII characters.`;
  throw new AppError('invalid-header', detail, [{ pointer: `/${HEADER}`, code: 'key.invalid', detail }]);
}

/** null = a quoted string that is none. */
function unquoted(sent: string): string | null {
  if (!sent.startsWith('"')) return sent;
  try {
    return String(parseItem(sent)[0]);
  } catch {
    return null;
  }
}
