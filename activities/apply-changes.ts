/** Writes what a reading changes, in few queries however much it is, and says what it did. */
import { randomUUID } from 'node:crypto';
import type { Model, ModelClass, Transaction } from 'objection';
import { isSeen, type FindingFields, type ItemChange, type TaskFields } from '../src/domain/reconcile';
import { Decision } from '../src/models/decision';
import type { DiffEntry, Extraction } from '../src/models/extraction';
import { Question } from '../src/models/question';
import { Task } from '../src/models/task';

type Row = Model & { id: string };

interface Table {
  kind: DiffEntry['kind'];
  model: ModelClass<Row>;
  /** What a new row has besides its fields. */
  added: object;
  /** What a row gets along with fields that changed. */
  changed(row: Row, fields: object): object;
  /** Columns of a reading: nothing else of a row that is there is written. */
  written: string[];
}

const TASK_COLUMNS = (
  'name ownerId ownerText deadlineDate deadlineAt deadlineTimezone deadlineText category needsReview agreed evidence ' +
  'fingerprint extractionId version updatedAt'
).split(' ');
const FINDING_COLUMNS = 'text needsReview evidence fingerprint position extractionId'.split(' ');

/** A change that people see makes a new version of a task, and only such a one. Returns the diff. */
export function writeTasks(
  trx: Transaction,
  { id: extractionId, meetingId }: Extraction,
  tasks: Task[],
  changes: ItemChange<TaskFields>[],
): Promise<DiffEntry[]> {
  const next = (row: Row) => ({ extractionId, version: (row as Task).version + 1, updatedAt: new Date() });
  const table: Table = {
    kind: 'task',
    model: Task,
    added: { meetingId, extractionId, origin: 'ai' },
    changed: (row, fields) => (isSeen(fields) ? next(row) : {}),
    written: TASK_COLUMNS,
  };
  return write(trx, table, tasks, changes);
}

/** Decisions, or questions; what was found again keeps its id. Returns the diff. */
export function writeFindings(
  trx: Transaction,
  { id: extractionId, meetingId }: Extraction,
  kind: 'decision' | 'question',
  rows: Row[],
  changes: ItemChange<FindingFields>[],
): Promise<DiffEntry[]> {
  const table: Table = {
    kind,
    model: kind === 'decision' ? Decision : Question,
    added: { meetingId, extractionId },
    changed: () => ({ extractionId }),
    written: kind === 'decision' ? FINDING_COLUMNS : [...FINDING_COLUMNS, 'status'],
  };
  return write(trx, table, rows, changes);
}

async function write<Fields extends object>(
  trx: Transaction,
  table: Table,
  rows: Row[],
  changes: ItemChange<Fields>[],
): Promise<DiffEntry[]> {
  const before = new Map(rows.map((row) => [row.id, row]));
  const named = changes.map((change) =>
    change.change === 'added' ? { ...change, id: randomUUID() } : change,
  );
  const removed = named.filter(({ change }) => change === 'removed').map(({ id }) => id);
  const after = await upsert(
    trx,
    table,
    named.flatMap((change) => rowsToWrite(table, change, before.get(change.id))),
  );
  if (removed.length > 0) await table.model.query(trx).delete().whereIn('id', removed);
  return named.map(({ change, id }) => {
    const was = before.get(id) ?? null;
    return {
      kind: table.kind,
      change,
      id,
      before: was,
      after: change === 'removed' ? null : (after.get(id) ?? was),
    };
  });
}

function rowsToWrite(
  { added, changed }: Table,
  change: { id: string; fields?: object },
  row: Row | undefined,
): object[] {
  const { id, fields = {} } = change;
  if (!row) return [{ id, ...added, ...fields }];
  if (Object.keys(fields).length === 0) return [];
  return [{ ...row, ...fields, ...changed(row, fields) }];
}

/** Added and changed rows in one statement. Returns them as they are then, by id. */
async function upsert(trx: Transaction, table: Table, rows: object[]): Promise<Map<string, Row>> {
  if (rows.length === 0) return new Map();
  const written = await table.model
    .query(trx)
    .insert(rows)
    .onConflict('id')
    .merge(table.written)
    .returning('*');
  return new Map(written.map((row) => [row.id, row]));
}
