/** Lists, newest first, by pages. A cursor carries the sort key itself, so it survives the deletion of its row. */
import { createHash } from 'node:crypto';
import { DateTime } from 'luxon';
import { raw, type Model, type QueryBuilder } from 'objection';
import { AppError } from './errors';

export interface PageQuery {
  limit: number;
  cursor?: string;
}

export interface Page<Row> {
  rows: Row[];
  nextCursor: string | null;
}

/** Postgres keeps microseconds, a Date only milliseconds: as text nothing is lost between two pages. */
export const KEY_FORMAT = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"';
const INSTANT_AND_ID =
  /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

const checksum = (key: string, list: string) =>
  createHash('sha256').update(`${list}\n${key}`).digest('base64url').slice(0, 16);

/** The cursor that goes on after the row with this key, in this list only. */
export const encodeCursor = (key: string, list: string): string =>
  Buffer.from(`${checksum(key, list)}${key}`, 'latin1').toString('base64url');

/**
 * The key that `encodeCursor` was given.
 * @throws AppError `cursor-invalid`
 */
export function decodeCursor(cursor: string, list: string): string {
  const plain = Buffer.from(cursor, 'base64url').toString('latin1');
  const key = plain.slice(16);
  if (encodeCursor(key, list) === cursor) return key;
  throw cursorInvalid();
}

/** Also of a key that no list has: the checksum keeps lists apart, it is no signature. */
export const cursorInvalid = (): AppError =>
  new AppError(
    'cursor-invalid',
    'Start again without a cursor; it goes with one path and one set of filters.',
    [{ pointer: '/cursor', code: 'cursor-invalid', detail: 'cursor was not given by this list' }],
  );

function keyOf(cursor: string, list: string): { at: string; id: string } {
  const [, at, id] = INSTANT_AND_ID.exec(decodeCursor(cursor, list)) ?? [];
  if (!at || !id || !isInstant(at)) throw cursorInvalid();
  return { at, id };
}

/** Of a day that there is: Postgres refuses others. */
export const isInstant = (at: string): boolean => DateTime.fromISO(at).isValid;

/**
 * One page of `query`, by (created_at, id) descending of its own table.
 * @param list - names the list with its filters: a cursor of another one is refused.
 * @throws AppError `cursor-invalid`
 */
export async function paged<Row extends Model>(
  query: QueryBuilder<Row, Row[]>,
  { limit, cursor }: PageQuery,
  list: unknown,
): Promise<Page<Row>> {
  const table = query.modelClass().tableName;
  const name = JSON.stringify(list);
  if (cursor !== undefined) {
    const { at, id } = keyOf(cursor, name);
    void query.whereRaw('(??, ??) < (?::timestamptz, ?::uuid)', [
      `${table}.created_at`,
      `${table}.id`,
      at,
      id,
    ]);
  }
  const rows = (await query
    .select(raw(`to_char(?? at time zone 'UTC', ?) as page_key`, [`${table}.created_at`, KEY_FORMAT]))
    .orderBy([
      { column: `${table}.created_at`, order: 'desc' },
      { column: `${table}.id`, order: 'desc' },
    ])
    .limit(limit + 1)) as (Row & { id: string; pageKey: string })[];
  const last = rows.length > limit ? rows[limit - 1]! : null;
  return { rows: rows.slice(0, limit), nextCursor: last && encodeCursor(`${last.pageKey} ${last.id}`, name) };
}

/** The body of a list. */
export const presentPage = <Row, Shown>({ rows, nextCursor }: Page<Row>, present: (row: Row) => Shown) => ({
  data: rows.map(present),
  page: { nextCursor },
});
