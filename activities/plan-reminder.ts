import type { Transaction } from 'objection';
import { isOpen, reminderOf, type Reminder } from '../src/domain/delivery';
import { Delivery } from '../src/models/delivery';
import { Task } from '../src/models/task';
import type { TaskInContext } from '../src/models/task-in-context';

/**
 * Notes on the row when its owner is to be reminded, and orders that mail once the time has come: once per deadline and
 * owner. A reminder whose hour is over before it was planned is none; one that was planned and missed its hour, because
 * nothing ran or its owner moved to another zone, comes late, while the deadline lasts. Call it with the task locked.
 * @param ledger - all deliveries of the task
 * @returns when it is to come, null = never, as things are; and the delivery, if it was ordered now
 */
export async function planReminder(
  trx: Transaction,
  { task, meeting, owner, ledger, now }: Facts,
): Promise<{ remindAt: Date | null; order: Delivery | null }> {
  const reminder = meeting?.deletedAt ? null : wanted({ task, owner }, ledger);
  const isDue = reminder !== null && reminder.at <= now;
  const isWanted = isDue && task.remindOf === reminder.deadline && now < reminder.until;
  return {
    order: isWanted ? await orderMail(trx, task, reminder) : null,
    remindAt: await note(trx, task, isDue ? null : reminder),
  };
}

interface Facts extends TaskInContext {
  ledger: Delivery[];
  now: Date;
}

async function note(trx: Transaction, task: Task, reminder: Reminder | null): Promise<Date | null> {
  const [remindAt, remindOf] = [reminder?.at ?? null, reminder?.deadline ?? null];
  const isNoted = remindAt?.getTime() === task.remindAt?.getTime() && remindOf === task.remindOf;
  if (!isNoted) await Task.query(trx).findById(task.id).patch({ remindAt, remindOf });
  return remindAt;
}

/** Only of a task that its owner may know: it has entered the world, and stands. */
function wanted({ task, owner }: Pick<Facts, 'task' | 'owner'>, ledger: Delivery[]): Reminder | null {
  if (!owner || !isOpen(task) || task.needsReview) return null;
  const reminder = reminderOf(task, owner.timezone);
  if (!reminder) return null;
  const hasEntered = ledger.some(({ kind }) => kind === 'assigned');
  const isOrdered = ledger.some(
    ({ kind, userId, deadline }) =>
      kind === 'reminder' && userId === task.ownerId && deadline === reminder.deadline,
  );
  return hasEntered && !isOrdered ? reminder : null;
}

function orderMail(trx: Transaction, task: Task, { deadline }: Reminder): Promise<Delivery> {
  const { id: taskId, ownerId: userId, version: taskVersion } = task;
  return Delivery.query(trx)
    .insert({ taskId, userId, channel: 'email', kind: 'reminder', taskVersion, deadline })
    .returning('*')
    .execute();
}
