/** Sizes and spans of time as people write them in a `.env` file. */
import type { CustomHelpers, ErrorReport } from 'joi';

const BYTES = { b: 1, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3, kb: 1e3, mb: 1e6, gb: 1e9 };
const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function amount(value: string, units: Record<string, number>, bare: number): number | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(value);
  if (!match) return null;
  const unit = match[2]!.toLowerCase();
  if (unit !== '' && !Object.hasOwn(units, unit)) return null;
  return Math.round(Number(match[1]) * (unit === '' ? bare : units[unit]!));
}

/** `2147483648`, `2 GiB`, `500MB` in bytes; null when it is none of these. */
export const parseBytes = (value: string): number | null => amount(value, BYTES, 1);

/** `24h`, `30m`, `90s`, `7d`, `0` in milliseconds; a bare number other than 0 has no unit and is null. */
export function parseDurationMs(value: string): number | null {
  const ms = amount(value, MILLISECONDS, Number.NaN);
  return Number.isNaN(ms) ? (Number(value) === 0 ? 0 : null) : ms;
}

/** A comma list without blanks and empties. */
export const parseList = (value: string): string[] =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);

/** Makes a Joi rule of one of the parsers above; `hint` completes "must be …". */
export function parsedWith<T>(parse: (value: string) => T | null, hint: string) {
  return (value: string, helpers: CustomHelpers): T | ErrorReport => {
    const parsed = parse(value);
    return parsed ?? helpers.message({ custom: `{{#label}} must be ${hint}` });
  };
}
