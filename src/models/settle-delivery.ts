import type { Transaction, TransactionOrKnex } from 'objection';
import { Delivery } from './delivery';
import { Meeting } from './meeting';
import { Task } from './task';

export type Settled = Pick<Delivery, 'state'> &
  Partial<Pick<Delivery, 'error' | 'provider' | 'providerMessageId'>>;

/**
 * The meeting is locked first, as everybody does: the update waits for its count. A task that belongs to none has nobody
 * who watches.
 */
const SETTLE = `
  with meeting as (
    select id from meetings where id = (select meeting_id from tasks where id = :taskId) for update
  ), settled as (:update and (select count(*) from meeting) < 2 returning id
  ), counted as (
    update meetings set event_seq = event_seq + 1
    where id in (select id from meeting) and exists (select from settled)
    returning id, event_seq
  ), told as (
    insert into meeting_events (meeting_id, seq, type, data)
    select id, event_seq, 'delivery', cast(:event as jsonb) from counted
  )
  select id from settled`;

/**
 * Writes how a delivery ended and tells whoever watches the meeting, in one statement. Does nothing, and says so with
 * false, when its state is not any more what the caller has seen: a report of the mail provider may arrive before its
 * answer.
 */
export async function settleDelivery(
  db: TransactionOrKnex,
  delivery: Pick<Delivery, 'id' | 'taskId' | 'channel' | 'state'>,
  result: Settled,
): Promise<boolean> {
  const { id, taskId, channel, state } = delivery;
  const update = Delivery.query(db)
    .where({ id, state })
    .patch({ ...result, updatedAt: new Date() })
    .toKnexQuery();
  const event = JSON.stringify({ taskId, channel, state: result.state });
  const { rows } = await db.raw<{ rows: unknown[] }>(SETTLE, { taskId, update, event });
  return rows.length > 0;
}

/** Locks a delivery until the transaction ends; its meeting first, as everybody does. */
export async function lockDelivery(trx: Transaction, id: string): Promise<Delivery | undefined> {
  const taskId = Delivery.query(trx).findById(id).select('task_id');
  const meetingId = Task.query(trx).where('id', taskId).select('meeting_id');
  await Meeting.query(trx).where('id', meetingId).select('id').first().forUpdate();
  return Delivery.query(trx).findById(id).forUpdate();
}
