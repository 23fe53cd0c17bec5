import { raw } from 'objection';
import { Delivery } from '../src/models/delivery';
import { Task } from '../src/models/task';
import type { ActivityDeps } from './deps';
import { settle } from './ledger';

const GAVE_UP = {
  code: 'gave-up',
  message: 'The provider did not take it for hours. Send it again when it is back.',
};

/**
 * Notes that mail and calendar know the task as of this version. A delivery that still waits although its tries are
 * used up has failed.
 */
export async function finishTask(
  deps: ActivityDeps,
  input: { taskId: string; version: number; deliveries: string[] },
): Promise<void> {
  const waiting = await Delivery.query(deps.db).findByIds(input.deliveries).where({ state: 'pending' });
  for (const delivery of waiting) {
    await settle(deps, delivery, { state: 'failed', error: delivery.error ?? GAVE_UP });
  }
  await Task.query(deps.db)
    .findById(input.taskId)
    .patch({ syncedVersion: raw('greatest(synced_version, ?)', [input.version]) });
}
