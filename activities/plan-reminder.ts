import type { Transaction } from 'objection';
import { isOpen, reminderOf, type Reminder } from '../src/domain/delivery';
import { Delivery } from '../src/models/delivery';
import { Task } from '../src/models/task';
import { User } from '../src/models/user';
import { isGone } from './task-facts';

/**
 * Notes on the row when its owner is to be reminded, and orders that mail once the time has come: once per deadline and
 * owner. A reminder whose hour is over before it was planned is none; one that was planned and missed its hour, because
 * nothing ran or its owner moved to another zone, comes late, while the deadline lasts. Call it with the task locked.
 * @returns when it is to come; null = never, as things are
 */
export async function planReminder(trx: Transaction, task: Task, now: Date): Promise<Date | null> {
  const reminder = await wanted(trx, task);
  const isDue = reminder !== null && reminder.at <= now;
  if (isDue && task.remindOf === reminder.deadline && now < reminder.until) await order(trx, task, reminder);
  const next = isDue ? null : reminder;
  const [remindAt, remindOf] = [next?.at ?? null, next?.deadline ?? null];
  await Task.query(trx).findById(task.id).patch({ remindAt, remindOf });
  return remindAt;
}

/** Only of a task that its owner may know: it has entered the world, and stands. */
async function wanted(trx: Transaction, task: Task): Promise<Reminder | null> {
  if (!task.ownerId || !isOpen(task) || task.needsReview || (await isGone(trx, task))) return null;
  const owner = await User.query(trx).findById(task.ownerId).select('timezone');
  const reminder = owner ? reminderOf(task, owner.timezone) : null;
  if (!reminder || !(await hasEntered(trx, task))) return null;
  return (await isOrdered(trx, task, reminder)) ? null : reminder;
}

const hasEntered = async (trx: Transaction, { id: taskId }: Task): Promise<boolean> =>
  (await Delivery.query(trx).findOne({ taskId, kind: 'assigned' }).select('id')) !== undefined;

async function isOrdered(trx: Transaction, task: Task, { deadline }: Reminder): Promise<boolean> {
  const same = { taskId: task.id, userId: task.ownerId, kind: 'reminder', deadline } as const;
  return (await Delivery.query(trx).findOne(same).select('id')) !== undefined;
}

async function order(trx: Transaction, task: Task, { deadline }: Reminder): Promise<void> {
  await Delivery.query(trx).insert({
    taskId: task.id,
    userId: task.ownerId,
    channel: 'email',
    kind: 'reminder',
    taskVersion: task.version,
    deadline,
  });
}
