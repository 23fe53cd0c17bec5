import type { Transaction } from 'objection';
import { calendarEventFor, calendarEventId } from '../src/domain/delivery';
import { CalendarEventRow } from '../src/models/calendar-event';
import { Delivery } from '../src/models/delivery';
import { Meeting } from '../src/models/meeting';
import { Task } from '../src/models/task';
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
  const owner = belongsOnCalendar(task) ? task.ownerId : null;
  await removeElsewhere(deps, taskId, owner);
  if (owner) return put(deps, task, owner);
  for (const delivery of await deliveriesIn(deps, taskId, ['pending'])) {
    await settle(deps, delivery, { state: 'failed', error: NO_DEADLINE });
  }
}

const deliveriesIn = (deps: ActivityDeps, taskId: string, states: Delivery['state'][]) =>
  Delivery.query(deps.db).where({ taskId, channel: 'calendar' }).whereIn('state', states);

const belongsOnCalendar = (task: Task) =>
  task.deletedAt === null &&
  ['open', 'in_progress'].includes(task.status) &&
  (task.deadlineDate !== null || task.deadlineAt !== null);

async function removeElsewhere(deps: ActivityDeps, taskId: string, owner: string | null): Promise<void> {
  const events = await CalendarEventRow.query(deps.db).where({ taskId }).whereNull('removed_at');
  // An entry of a person who was deleted is nobody's, also while nobody owns the task.
  for (const event of events.filter(({ userId }) => userId === null || userId !== owner)) {
    if (event.userId) await remove(deps, event, event.userId);
    const at = new Date();
    await CalendarEventRow.query(deps.db).findById(event.id).patch({ removedAt: at, updatedAt: at });
  }
}

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
  const row = await CalendarEventRow.transaction(deps.db, (trx) =>
    eventRow(trx, task, owner, calendar.provider),
  );
  const meeting = task.meetingId ? await Meeting.query(deps.db).findById(task.meetingId) : undefined;
  const call = await callForTask(deps, task.id, calendar.provider, { writes: 1 });
  try {
    const { etag } = await metered(deps, call, () =>
      calendar.put(owner, calendarEventFor(task, meeting ?? null, row.eventId)),
    );
    await CalendarEventRow.query(deps.db).findById(row.id).patch({ etag, updatedAt: new Date() });
    for (const delivery of open) {
      await settle(deps, delivery, { state: 'sent', provider: calendar.provider, error: null });
    }
  } catch (error) {
    if (!(error instanceof ProviderError) || error.retryable) throw error;
    const reason = { code: error.code, message: error.message };
    for (const delivery of open) await settle(deps, delivery, { state: 'failed', error: reason });
    throw error;
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
