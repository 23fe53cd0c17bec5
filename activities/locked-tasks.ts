import type { Transaction } from 'objection';
import { CalendarEventRow } from '../src/models/calendar-event';
import { Delivery } from '../src/models/delivery';
import { Task } from '../src/models/task';

/**
 * All tasks of the meeting, also deleted ones and those that people wrote, locked until the transaction ends; and which
 * of them somebody was told of, or is being told of. Whoever tells of a task locks it first, so this stays true: the
 * ledger is asked after the rows are locked.
 */
export async function lockTasks(
  trx: Transaction,
  meetingId: string,
): Promise<{ tasks: Task[]; told: Set<string> }> {
  const tasks = await Task.query(trx).where({ meetingId }).orderBy('id').forUpdate();
  return { tasks, told: new Set(await toldOf(trx, tasks)) };
}

/** A delivery that failed has reached nobody. */
async function toldOf(trx: Transaction, tasks: Task[]): Promise<string[]> {
  if (tasks.length === 0) return [];
  const ids = tasks.map(({ id }) => id);
  const entries = CalendarEventRow.query(trx)
    .whereIn('task_id', ids)
    .whereNull('removed_at')
    .select('task_id');
  const rows = await Delivery.query(trx)
    .whereIn('task_id', ids)
    .whereNot({ state: 'failed' })
    .select('task_id')
    .union(entries);
  return rows.map(({ taskId }) => taskId);
}
