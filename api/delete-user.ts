import { setTimeout as pause } from 'node:timers/promises';
import type { Knex } from 'knex';
import { raw, type Transaction } from 'objection';
import { CalendarEventRow } from '../src/models/calendar-event';
import { Meeting } from '../src/models/meeting';
import { Task } from '../src/models/task';
import { User } from '../src/models/user';
import { AppError, notFound } from './errors';
import type { Deps } from './route';
import { announceTask } from './tasks';
import { tellTaskChanged } from './tell-temporal';

/** `TaskSync` takes an entry off a calendar within a second, unless something is away. */
const PATIENCE_MS = 5_000;
const LOOK_EVERY_MS = 100;

/**
 * Deletes a user who owns no meetings. Their tasks lose their owner first; the user goes when `TaskSync` has taken the
 * entries off their calendar, which it could not reach any more without them.
 * @throws AppError `not-found`, `user-owns-meetings`; `service-unavailable` when that takes too long: the tasks have
 * lost their owner then, and the same request goes on later.
 */
export async function deleteUser(deps: Deps, userId: string): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const { disowned, deleted } = await attempt(deps.db, userId);
    await Promise.all(disowned.map(({ id }) => tellTaskChanged(deps, id)));
    if (deleted) return;
    if (performance.now() > end || deps.stopping?.aborted) break;
    await pause(LOOK_EVERY_MS);
  }
  const detail = 'Entries are still being taken off the calendar of this user. Ask again.';
  throw new AppError('service-unavailable', detail, [], { 'Retry-After': '5' });
}

function attempt(db: Knex, userId: string): Promise<{ disowned: Task[]; deleted: boolean }> {
  return User.transaction(db, async (trx) => {
    if (!(await User.query(trx).findById(userId).select('id'))) throw notFound('user');
    if (await ownsMeetings(trx, userId)) {
      throw new AppError('user-owns-meetings', 'Delete the meetings of this user first.');
    }
    const disowned = await disown(trx, userId);
    const deleted = !(await hasEntriesToRemove(trx, userId)) && (await deleteIfFree(trx, userId));
    return { disowned, deleted };
  });
}

const ownsMeetings = async (trx: Transaction, ownerId: string): Promise<boolean> =>
  (await Meeting.query(trx).findOne({ ownerId }).select('id')) !== undefined;

/**
 * Locks the user last, as whoever gives them a task does, and looks again: false when they were given something while
 * we waited.
 */
async function deleteIfFree(trx: Transaction, userId: string): Promise<boolean> {
  if (!(await User.query(trx).findById(userId).select('id').forUpdate())) throw notFound('user');
  const task = await Task.query(trx).findOne({ ownerId: userId }).select('id');
  if (task || (await ownsMeetings(trx, userId))) return false;
  await User.query(trx).deleteById(userId);
  return true;
}

/** Takes the user off their tasks, so that calendars and dashboards follow. Meetings are locked first, as everywhere. */
async function disown(trx: Transaction, userId: string): Promise<Task[]> {
  const held = Task.query(trx).select('meeting_id').where({ ownerId: userId });
  await Meeting.query(trx).select('id').whereIn('id', held).orderBy('id').forUpdate();
  const tasks = await Task.query(trx)
    .where({ ownerId: userId })
    .patch({ ownerId: null, agreed: false, version: raw('version + 1'), updatedAt: new Date() })
    .returning('*')
    .execute();
  for (const task of tasks.filter(({ deletedAt }) => deletedAt === null))
    await announceTask(trx, task, 'updated');
  return tasks;
}

/** What stands although `TaskSync` has done what it could (say, the person has disconnected) keeps nobody here. */
async function hasEntriesToRemove(trx: Transaction, userId: string): Promise<boolean> {
  const entry = await CalendarEventRow.query(trx)
    .join('tasks', 'tasks.id', 'calendar_events.task_id')
    .where('calendar_events.user_id', userId)
    .whereNull('calendar_events.removed_at')
    .whereRaw('tasks.version > tasks.synced_version')
    .select('calendar_events.id')
    .first();
  return entry !== undefined;
}
