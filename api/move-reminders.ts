import { raw, type Transaction } from 'objection';
import { Task } from '../src/models/task';

/** The others are told by the catch-up loop, soonest changed first. */
const TOLD_AT_ONCE = 50;

/**
 * Nine o'clock is another moment for somebody who has moved: their tasks with a reminder to come fall behind, so that
 * `TaskSync` counts again, now or through the sweep. Returns whom to tell after the commit, the next reminder first.
 */
export async function moveReminders(trx: Transaction, ownerId: string): Promise<string[]> {
  const tasks = await Task.query(trx)
    .where({ ownerId })
    .whereNull('deleted_at')
    .whereNotNull('remind_at')
    .patch({ syncedVersion: raw('least(synced_version, version - 1)') })
    .returning(['id', 'remind_at'])
    .execute();
  const next = tasks.sort((one, other) => Number(one.remindAt) - Number(other.remindAt));
  return next.slice(0, TOLD_AT_ONCE).map(({ id }) => id);
}
