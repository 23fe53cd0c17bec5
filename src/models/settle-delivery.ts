import type { Transaction } from 'objection';
import { Delivery } from './delivery';
import { Meeting } from './meeting';
import { MeetingEvent } from './meeting-event';
import { Task } from './task';

export type Settled = Pick<Delivery, 'state'> &
  Partial<Pick<Delivery, 'error' | 'provider' | 'providerMessageId'>>;

/**
 * Writes how a delivery ended and tells whoever watches the meeting. Does nothing, and says so with false, when its
 * state is not any more what the caller has seen: a report of the mail provider may arrive before its answer.
 */
export async function settleDelivery(
  trx: Transaction,
  delivery: Pick<Delivery, 'id' | 'taskId' | 'channel' | 'state'>,
  result: Settled,
): Promise<boolean> {
  const { id, taskId, channel, state } = delivery;
  const meeting = await lockMeetingOf(trx, id);
  const settled = await Delivery.query(trx)
    .where({ id, state })
    .patch({ ...result, updatedAt: new Date() });
  if (settled === 0) return false;
  if (meeting) {
    await MeetingEvent.append(trx, meeting.id, 'delivery', { taskId, channel, state: result.state });
  }
  return true;
}

/** Locks a delivery until the transaction ends; its meeting first, as everybody does. */
export async function lockDelivery(trx: Transaction, id: string): Promise<Delivery | undefined> {
  await lockMeetingOf(trx, id);
  return Delivery.query(trx).findById(id).forUpdate();
}

async function lockMeetingOf(trx: Transaction, deliveryId: string): Promise<Meeting | undefined> {
  const taskId = Delivery.query(trx).findById(deliveryId).select('task_id');
  const meetingId = Task.query(trx).where('id', taskId).select('meeting_id');
  return Meeting.query(trx).where('id', meetingId).select('id').first().forUpdate();
}
