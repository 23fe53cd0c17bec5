import type { Transaction } from 'objection';
import { fallBehind, Task } from '../src/models/task';

/** The others are told by the catch-up loop, soonest changed first. */
const TOLD_AT_ONCE = 50;

/**
 * Nine o'clock is another moment for somebody who has moved: their tasks with a reminder to come fall behind, so that
 * `TaskSync` counts again, now or through the sweep. Returns whom to tell after the commit, the next reminder first.
 */
export async function moveReminders(trx: Transaction, ownerId: string): Promise<string[]> {
  const toRemind = Task.query(trx)
    .select('id')
    .where({ ownerId })
    .whereNull('deleted_at')
    .whereNotNull('remind_at')
    // In the order in which a reading locks them, so that the two never wait for each other.
    .orderBy('id')
    .forUpdate();
  const tasks = await Task.query(trx)
    .whereIn(
      'id',
      (await toRemind).map(({ id }) => id),
    )
    .patch(fallBehind())
    .returning(['id', 'remind_at'])
    .execute();
  const next = tasks.sort((one, other) => Number(one.remindAt) - Number(other.remindAt));
  return next.slice(0, TOLD_AT_ONCE).map(({ id }) => id);
}
