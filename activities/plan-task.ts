import type { Transaction } from 'objection';
import { CalendarEventRow } from '../src/models/calendar-event';
import { Delivery } from '../src/models/delivery';
import { Meeting } from '../src/models/meeting';
import { Task } from '../src/models/task';
import type { ActivityDeps } from './deps';

export interface TaskPlan {
  /** The row's version that this plan is for. */
  version: number;
  /** Deliveries by mail that wait to be sent. */
  mails: string[];
  /** The calendar must be made to match. */
  calendar: boolean;
  /** Deliveries to a calendar that wait for it. */
  entries: string[];
}

/**
 * Decides what the world must learn of a task. It enters the world by itself only when everything speaks for it: the
 * meeting notifies automatically, the owner is known and agrees in the cited words, nothing waits for review; and then
 * once per owner. Otherwise a person's `POST /notify` has put rows in the ledger.
 */
export async function planTask(deps: ActivityDeps, taskId: string): Promise<TaskPlan> {
  return Task.transaction(deps.db, async (trx) => {
    const task = await Task.query(trx).findById(taskId).forUpdate();
    if (!task) return { version: 0, mails: [], calendar: false, entries: [] };
    if (await entersByItself(trx, task)) await enter(trx, task);
    const waiting = await Delivery.query(trx).where({ taskId }).whereIn('state', ['pending', 'sending']);
    const on = (channel: Delivery['channel']) =>
      waiting.filter((delivery) => delivery.channel === channel).map(({ id }) => id);
    const calendar = await onCalendar(trx, taskId);
    return { version: task.version, mails: on('email'), calendar, entries: on('calendar') };
  });
}

const isOpen = (task: Task) => task.deletedAt === null && ['open', 'in_progress'].includes(task.status);

async function entersByItself(trx: Transaction, task: Task): Promise<boolean> {
  if (!isOpen(task) || !task.ownerId || !task.agreed || task.needsReview || !task.meetingId) return false;
  const meeting = await Meeting.query(trx).findById(task.meetingId).whereNull('deleted_at');
  return meeting?.notify === 'auto';
}

/** Once per owner and channel, whatever the version: a mail for a changed task is a person's wish, not ours. */
async function enter(trx: Transaction, task: Task): Promise<void> {
  const told = await Delivery.query(trx).where({ taskId: task.id, userId: task.ownerId, kind: 'assigned' });
  const toldOn = new Set(told.map(({ channel }) => channel));
  const channels = (['email', 'calendar'] as const).filter((channel) => !toldOn.has(channel));
  const wanted = channels.filter((channel) => channel === 'email' || hasDeadline(task));
  for (const channel of wanted) {
    await Delivery.query(trx).insert({
      taskId: task.id,
      userId: task.ownerId,
      channel,
      kind: 'assigned',
      taskVersion: task.version,
    });
  }
}

const hasDeadline = (task: Task) => task.deadlineDate !== null || task.deadlineAt !== null;

/** From its first notification on, a task's calendar entry follows every change. */
async function onCalendar(trx: Transaction, taskId: string): Promise<boolean> {
  const entered = await Delivery.query(trx).findOne({ taskId, channel: 'calendar' }).select('id');
  const event = await CalendarEventRow.query(trx).findOne({ taskId }).whereNull('removed_at').select('id');
  return Boolean(entered ?? event);
}
