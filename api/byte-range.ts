export interface ByteRange {
  start: number;
  /** Inclusive. */
  end: number;
}

/**
 * The one range that a `Range` header asks for (RFC 9110, section 14), cut to `total`. null = send everything: no
 * header, another unit, several ranges, or none that makes sense.
 */
export function byteRange(header: string, total: number): ByteRange | 'unsatisfiable' | null {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim());
  if (!match) return null;
  const [, first = '', last = ''] = match;
  if (first === '') return last === '' ? null : suffix(Number(last), total);
  const start = Number(first);
  if (last !== '' && Number(last) < start) return null;
  if (start >= total) return 'unsatisfiable';
  return { start, end: last === '' ? total - 1 : Math.min(Number(last), total - 1) };
}

const suffix = (length: number, total: number): ByteRange | 'unsatisfiable' =>
  length === 0 || total === 0 ? 'unsatisfiable' : { start: Math.max(0, total - length), end: total - 1 };
