import type { Transaction } from 'objection';
import { Delivery } from './delivery';
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
  const settled = await Delivery.query(trx)
    .where({ id, state })
    .patch({ ...result, updatedAt: new Date() });
  if (settled === 0) return false;
  const task = await Task.query(trx).findById(taskId).select('meeting_id');
  if (task?.meetingId) {
    await MeetingEvent.append(trx, task.meetingId, 'delivery', { taskId, channel, state: result.state });
  }
  return true;
}
