import type { TransactionOrKnex } from 'objection';
import { Delivery } from '../src/models/delivery';
import { MeetingEvent } from '../src/models/meeting-event';
import { Task } from '../src/models/task';
import type { ActivityDeps } from './deps';

type Settled = Pick<Delivery, 'state'> & Partial<Pick<Delivery, 'error' | 'provider' | 'providerMessageId'>>;

/** Writes how a delivery ended and tells whoever watches the meeting. */
export async function settle(deps: ActivityDeps, delivery: Delivery, result: Settled): Promise<void> {
  await Delivery.transaction(deps.db, async (trx) => {
    await Delivery.query(trx)
      .findById(delivery.id)
      .patch({ ...result, updatedAt: new Date() });
    await announce(trx, delivery, result.state);
  });
}

async function announce(trx: TransactionOrKnex, delivery: Delivery, state: Delivery['state']): Promise<void> {
  const task = await Task.query(trx).findById(delivery.taskId).select('meeting_id');
  if (!task?.meetingId) return;
  const { taskId, channel } = delivery;
  await MeetingEvent.append(trx, task.meetingId, 'delivery', { taskId, channel, state });
}
