import type { Evidence } from '../meeting';

/** What an applied reading does to one item. `fields` = what must be written. */
export type ItemChange<Fields> =
  | { change: 'added'; fields: Fields }
  /** Something that people see is different. */
  | { change: 'updated'; id: string; fields: Partial<Fields> }
  /** Found again as it was, or not found and not to be lost. */
  | { change: 'kept'; id: string; fields: Partial<Fields> }
  | { change: 'removed'; id: string };

/** The fields of `wanted` that differ from `present`. */
export function differing<Fields extends object>(present: Fields, wanted: Partial<Fields>): Partial<Fields> {
  const entries = Object.entries(wanted).filter(
    ([field, value]) => canonical(value) !== canonical(present[field as keyof Fields]),
  );
  return Object.fromEntries(entries) as Partial<Fields>;
}

/** Quotes in another order, or an object with its keys in another order (Postgres sorts them), are no difference. */
function canonical(value: unknown): string {
  if (!Array.isArray(value)) return JSON.stringify(value ?? null);
  return JSON.stringify((value as Evidence[]).map(quoted).sort());
}

const quoted = ({ segmentId, startMs, endMs, speaker, quote }: Evidence): string =>
  JSON.stringify([segmentId, startMs, endMs, speaker, quote]);
