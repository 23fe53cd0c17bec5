/** The ledger as people see and extend it. Only `TaskSync` sends. */
import type { Transaction, TransactionOrKnex } from 'objection';
import { Delivery } from '../src/models/delivery';
import type { Task } from '../src/models/task';

export type Channel = Delivery['channel'];

const inOrder = (db: TransactionOrKnex) =>
  Delivery.query(db).orderBy([
    { column: 'created_at' },
    { column: 'channel', order: 'desc' },
    { column: 'id' },
  ]);

export const deliveriesOf = (db: TransactionOrKnex, taskId: string): Promise<Delivery[]> =>
  inOrder(db).where({ taskId }).execute();

/** What the task, as it is now, has told or will tell its owner on these channels because somebody said so. */
export function currentDeliveries(
  db: TransactionOrKnex,
  task: Task,
  channels: Channel[],
): Promise<Delivery[]> {
  return inOrder(db)
    .where({ taskId: task.id, userId: task.ownerId, kind: 'assigned', taskVersion: task.version })
    .whereIn('channel', channels)
    .execute();
}

/**
 * Adds what is missing to the ledger: a line per channel that has none for this version, and with `resend` a new mail
 * in any case. Call it with the task locked.
 */
export async function orderDeliveries(
  trx: Transaction,
  task: Task,
  { channels, resend, requestedBy }: { channels: Channel[]; resend: boolean; requestedBy: string },
): Promise<void> {
  const present = await currentDeliveries(trx, task, channels);
  for (const channel of channels) {
    const told = present.filter((delivery) => delivery.channel === channel);
    if (told.length > 0 && !(resend && channel === 'email')) continue;
    await Delivery.query(trx).insert({
      taskId: task.id,
      userId: task.ownerId,
      channel,
      kind: 'assigned',
      taskVersion: task.version,
      resend: Math.max(-1, ...told.map((delivery) => delivery.resend)) + 1,
      requestedBy,
    });
  }
}
