import { Context } from '@temporalio/activity';
import type { Transaction } from 'objection';
import { calendarEventFor, calendarEventId } from '../src/domain/delivery';
import { failpoint } from '../src/failpoint';
import { CalendarEventRow } from '../src/models/calendar-event';
import { Delivery } from '../src/models/delivery';
import { Meeting } from '../src/models/meeting';
import type { Settled } from '../src/models/settle-delivery';
import { Task } from '../src/models/task';
import { CALENDAR_EVENT_ID_USED, CALENDAR_NOT_CONNECTED } from '../src/ports';
import { ProviderError } from '../src/provider-error';
import type { ActivityDeps } from './deps';
import { settle } from './ledger';
import { callForTask, metered } from './metered';

const NO_DEADLINE = {
  code: 'task-has-no-deadline',
  message: 'Only a task with a deadline has a place on a calendar.',
};

/**
 * Makes the calendars match the task: one entry on its owner's while it is open and has a deadline, none anywhere else.
 * Every call may be repeated: the entry's id is written down before the first.
 */
export async function syncCalendar(deps: ActivityDeps, taskId: string): Promise<void> {
  const task = await Task.query(deps.db).findById(taskId);
  if (!task) return;
  const owner = belongsOnCalendar(task) && !(await goneWithMeeting(deps, task)) ? task.ownerId : null;
  const left = await removeElsewhere(deps, taskId, owner);
  if (owner) await put(deps, task, owner);
  else {
    const ordered = await deliveriesIn(deps, taskId, ['pending']);
    await settleAll(deps, ordered, { state: 'failed', error: NO_DEADLINE });
  }
  if (left && left.code !== CALENDAR_NOT_CONNECTED) throw forGood(left);
}

async function settleAll(deps: ActivityDeps, deliveries: Delivery[], result: Settled): Promise<void> {
  for (const delivery of deliveries) await settle(deps, delivery, result);
}

const deliveriesIn = (deps: ActivityDeps, taskId: string, states: Delivery['state'][]) =>
  Delivery.query(deps.db).where({ taskId, channel: 'calendar' }).whereIn('state', states);

async function goneWithMeeting({ db }: ActivityDeps, { meetingId }: Task): Promise<boolean> {
  const meeting = meetingId ? await Meeting.query(db).findById(meetingId).select('deleted_at') : undefined;
  return Boolean(meeting?.deletedAt);
}

const belongsOnCalendar = (task: Task) =>
  task.deletedAt === null &&
  ['open', 'in_progress'].includes(task.status) &&
  (task.deadlineDate !== null || task.deadlineAt !== null);

/**
 * Entries that nobody lets us remove stay on the books, until their calendar is connected again, and keep no other
 * calendar from being right: the first such failure, or null.
 */
async function removeElsewhere(
  deps: ActivityDeps,
  taskId: string,
  owner: string | null,
): Promise<ProviderError | null> {
  let failure: ProviderError | null = null;
  const events = await CalendarEventRow.query(deps.db).where({ taskId }).whereNull('removed_at');
  // An entry of a person who was deleted is nobody's, also while nobody owns the task.
  for (const event of events.filter(({ userId }) => userId === null || userId !== owner)) {
    try {
      if (event.userId) await remove(deps, event, event.userId);
      await noteRemoved(deps, event);
    } catch (error) {
      if (!isFinal(error)) throw error;
      failure ??= error;
    }
  }
  return failure;
}

async function noteRemoved(deps: ActivityDeps, { id }: CalendarEventRow): Promise<void> {
  const at = new Date();
  await CalendarEventRow.query(deps.db).findById(id).patch({ removedAt: at, updatedAt: at });
}

/** An answer that can't be read for the third time will not be readable the fourth time. */
const PATIENCE_ATTEMPTS = 3;

const isFinal = (error: unknown): error is ProviderError =>
  error instanceof ProviderError &&
  (!error.retryable ||
    (error.code === 'bad-response' && Context.current().info.attempt >= PATIENCE_ATTEMPTS));

const forGood = ({ code, message }: ProviderError) => new ProviderError(code, message, { retryable: false });

async function remove(
  deps: ActivityDeps,
  { taskId, eventId }: CalendarEventRow,
  userId: string,
): Promise<void> {
  const { calendar } = deps.providers;
  const call = await callForTask(deps, taskId, calendar.provider, { writes: 1 });
  await metered(deps, call, () => calendar.remove(userId, eventId));
}

async function put(deps: ActivityDeps, task: Task, owner: string): Promise<void> {
  const { calendar } = deps.providers;
  const open = await deliveriesIn(deps, task.id, ['pending', 'failed']);
  try {
    await putEntry(deps, task, owner);
    await settleAll(deps, open, { state: 'sent', provider: calendar.provider, error: null });
  } catch (error) {
    if (!isFinal(error)) throw error;
    const { code, message } = error;
    await settleAll(deps, open, { state: 'failed', error: { code, message } });
    throw forGood(error);
  }
}

/** An owner may delete entries by hand faster than we look; not so often. */
const MOST_NEW_IDS = 3;

/** Puts the entry that stands, or when its owner has deleted that by hand, the next generation. */
async function putEntry(deps: ActivityDeps, task: Task, owner: string): Promise<void> {
  const { calendar } = deps.providers;
  const meeting = task.meetingId ? await Meeting.query(deps.db).findById(task.meetingId) : undefined;
  const call = await callForTask(deps, task.id, calendar.provider, { writes: 1 });
  for (let newIds = 0; ; newIds++) {
    const row = await CalendarEventRow.transaction(deps.db, (trx) =>
      eventRow(trx, task, owner, calendar.provider),
    );
    try {
      const event = calendarEventFor(task, meeting ?? null, row.eventId);
      const { etag } = await metered(deps, call, () => calendar.put(owner, event));
      await failpoint('event-created');
      await CalendarEventRow.query(deps.db).findById(row.id).patch({ etag, updatedAt: new Date() });
      return;
    } catch (error) {
      const used = error instanceof ProviderError && error.code === CALENDAR_EVENT_ID_USED;
      if (!used || newIds >= MOST_NEW_IDS) throw error;
      await noteRemoved(deps, row);
    }
  }
}

/** The entry that stands on the owner's calendar, or the next generation: a removed entry's id is never used again. */
async function eventRow(
  trx: Transaction,
  task: Task,
  userId: string,
  provider: string,
): Promise<CalendarEventRow> {
  const newest = await CalendarEventRow.query(trx)
    .where({ taskId: task.id, userId })
    .orderBy('generation', 'desc')
    .first()
    .forUpdate();
  if (newest && !newest.removedAt) return newest;
  const generation = (newest?.generation ?? 0) + 1;
  const eventId = calendarEventId(task.id, userId, generation);
  return CalendarEventRow.query(trx).insert({ taskId: task.id, userId, generation, eventId, provider });
}
