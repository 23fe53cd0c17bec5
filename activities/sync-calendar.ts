import { Context } from '@temporalio/activity';
import { raw, type Transaction } from 'objection';
import { calendarEventFor, calendarEventId, hasDeadline, isOpen, type Reason } from '../src/domain/delivery';
import { failpoint } from '../src/failpoint';
import { CalendarEventRow } from '../src/models/calendar-event';
import { Delivery } from '../src/models/delivery';
import { settleDelivery, type Settled } from '../src/models/settle-delivery';
import { fallBehind, Task } from '../src/models/task';
import { taskInContext, type TaskInContext } from '../src/models/task-in-context';
import { CALENDAR_EVENT_ID_USED, CALENDAR_NOT_CONNECTED } from '../src/ports';
import { ProviderError } from '../src/provider-error';
import type { ActivityDeps } from './deps';
import { forGood, isTriedLongEnough, settle } from './ledger';
import { callForTask, metered } from './metered';
import { countTry, type Failed } from './typed-failure';

/**
 * Makes the calendars match the task: one entry on its owner's while it has a deadline, none anywhere else. What is done
 * keeps the entry that it has, and gets none. Every call may be repeated: the entry's id is written down before the first.
 * @param failed - why the try before this activity failed
 */
export async function syncCalendar(deps: ActivityDeps, taskId: string, failed?: Failed): Promise<void> {
  countTry(failed);
  const found = await taskInContext(deps.db, taskId);
  // What such a task has put into the world is the erasure's to remove.
  if (!found || found.meeting?.deletedAt) return;
  const { task, meeting } = found;
  const entries = await entriesOf(deps, taskId);
  const standing = entries.filter(({ removedAt }) => removedAt === null);
  const reason = whyNowhere(task, standing.some(isOf(task.ownerId)));
  const owner = reason ? null : task.ownerId;
  const left = await removeElsewhere(deps, task, standing, owner);
  const waiting = await Delivery.query(deps.db).where({ taskId, channel: 'calendar', state: 'pending' });
  const others = waiting.filter(({ userId }) => userId !== owner);
  await settleAll(deps, others, { state: 'failed', error: reason ?? OTHER_OWNER });
  if (owner) await put(deps, { task, meeting, owner, newest: entries.find(isOf(owner)) });
  if (left && left.code !== CALENDAR_NOT_CONNECTED) throw forGood(left);
}

const GONE = { code: 'no-recipient', message: 'The task or its owner does not exist any more.' };
const CLOSED = { code: 'task-closed', message: 'What is done or cancelled is put on no calendar.' };
const OTHER_OWNER = { code: 'owner-changed', message: 'The task stands on the calendar of its new owner.' };
const NO_DEADLINE = {
  code: 'task-has-no-deadline',
  message: 'Only a task with a deadline has a place on a calendar.',
};

/** Why the task belongs on no calendar at all; null = it belongs on its owner's. */
function whyNowhere(task: Task, stands: boolean): Reason | null {
  if (task.deletedAt !== null || task.ownerId === null) return GONE;
  if (!isOpen(task) && !(task.status === 'done' && stands)) return CLOSED;
  return hasDeadline(task) ? null : NO_DEADLINE;
}

/** The newest first, those that were removed included. */
const entriesOf = ({ db }: ActivityDeps, taskId: string): Promise<CalendarEventRow[]> =>
  CalendarEventRow.query(db).where({ taskId }).orderBy('generation', 'desc').execute();

/** An entry of a person who was deleted is nobody's, also while nobody owns the task. */
const isOf =
  (person: string | null) =>
  ({ userId }: CalendarEventRow): boolean =>
    userId !== null && userId === person;

async function settleAll(deps: ActivityDeps, deliveries: Delivery[], result: Settled): Promise<void> {
  for (const delivery of deliveries) await settle(deps, delivery, result);
}

/**
 * Entries that nobody lets us remove stay on the books, until their calendar is connected again, and keep no other
 * calendar from being right: the first such failure, or null.
 */
async function removeElsewhere(
  deps: ActivityDeps,
  task: Task,
  entries: CalendarEventRow[],
  owner: string | null,
): Promise<ProviderError | null> {
  let failure: ProviderError | null = null;
  const stays = entries.find(isOf(owner));
  for (const entry of entries.filter((one) => one !== stays)) {
    try {
      if (entry.userId) await remove(deps, task, entry.eventId, entry.userId);
      await noteRemoved(deps, entry);
    } catch (error) {
      if (!isFinal(error)) throw error;
      failure ??= error;
    }
  }
  return failure;
}

/** Returns the row as it is then. */
async function noteRemoved({ db }: ActivityDeps, row: CalendarEventRow): Promise<CalendarEventRow> {
  const at = new Date();
  await row.$query(db).patch({ removedAt: at, updatedAt: at });
  return row;
}

/** An answer that can't be read for the third time will not be readable the fourth time. */
const PATIENCE_ATTEMPTS = 3;

const isFinal = (error: unknown): error is ProviderError =>
  error instanceof ProviderError &&
  (!error.retryable ||
    (error.code === 'bad-response' && Context.current().info.attempt >= PATIENCE_ATTEMPTS));

async function remove(deps: ActivityDeps, task: Task, eventId: string, userId: string): Promise<void> {
  const { calendar } = deps.providers;
  const call = callForTask(task, calendar.provider, { writes: 1 });
  await metered(deps, call, () => calendar.remove(userId, eventId));
}

interface Entry {
  task: Task;
  meeting: TaskInContext['meeting'];
  /** Whose calendar it stands on. */
  owner: string;
  /** That stands there or stood there last. */
  newest: CalendarEventRow | undefined;
}

async function put(deps: ActivityDeps, entry: Entry): Promise<void> {
  const ordered = await beginAttempt(deps, entry);
  try {
    await putEntry(deps, entry, ordered);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const over = isFinal(error);
    const { code, message } = error;
    for (const delivery of ordered.filter(({ state }) => over || state === 'pending')) {
      const state = over || isTriedLongEnough(delivery) ? 'failed' : 'pending';
      await settle(deps, delivery, { state, error: { code, message } });
    }
    throw over ? forGood(error) : error;
  }
}

/** What this call will do at once for all who ordered it, those included who were told that it had failed. */
function beginAttempt({ db }: ActivityDeps, { task, owner }: Entry): Promise<Delivery[]> {
  return Delivery.query(db)
    .where({ taskId: task.id, userId: owner, channel: 'calendar' })
    .whereIn('state', ['pending', 'failed'])
    .patch({ attempts: raw('attempts + 1'), updatedAt: new Date() })
    .returning('*')
    .execute();
}

/** An owner may delete entries by hand faster than we look; not so often. */
const MOST_NEW_IDS = 3;

/** Puts the entry that stands, or when its owner has deleted that by hand, the next generation. */
async function putEntry(deps: ActivityDeps, entry: Entry, ordered: Delivery[]): Promise<void> {
  const { task, meeting, owner } = entry;
  const { calendar } = deps.providers;
  const { provider } = calendar;
  const call = callForTask(task, provider, { writes: 1 });
  let { newest } = entry;
  for (let newIds = 0; ; newIds++) {
    const row = newest && !newest.removedAt ? newest : await nextEntry(deps, task, owner, newest);
    try {
      const event = calendarEventFor(task, meeting, row.eventId);
      const { etag } = await metered(deps, call, () => calendar.put(owner, event));
      await failpoint('event-created');
      return await CalendarEventRow.transaction(deps.db, async (trx) => {
        for (const delivery of ordered) {
          await settleDelivery(trx, delivery, { state: 'sent', provider, error: null });
        }
        await notePut(trx, task, row, etag);
      });
    } catch (error) {
      const used = error instanceof ProviderError && error.code === CALENDAR_EVENT_ID_USED;
      if (!used || newIds >= MOST_NEW_IDS) throw error;
      newest = await noteRemoved(deps, row);
    }
  }
}

/**
 * An attempt that was frozen may write what it knew of the task long after another has written what is true, and bring
 * back what that had removed. So the entry stands, and a task that has changed since it was read is to be synced again.
 */
async function notePut(
  trx: Transaction,
  { id: taskId, version }: Task,
  row: CalendarEventRow,
  etag: string | null,
): Promise<void> {
  const behind = Task.query(trx).findById(taskId).whereNot({ version }).patch(fallBehind());
  await CalendarEventRow.query(trx)
    .with('behind', behind)
    .findById(row.id)
    .patch({ etag, removedAt: null, updatedAt: new Date() });
}

/** A removed entry's id is never used again. Of two attempts that make one at once Postgres refuses the second. */
function nextEntry(
  { db, providers }: ActivityDeps,
  { id: taskId }: Task,
  userId: string,
  newest: CalendarEventRow | undefined,
): Promise<CalendarEventRow> {
  const generation = (newest?.generation ?? 0) + 1;
  const eventId = calendarEventId(taskId, userId, generation);
  const { provider } = providers.calendar;
  return CalendarEventRow.query(db).insert({ taskId, userId, generation, eventId, provider }).execute();
}
