import { raw } from 'objection';
import { Delivery } from '../src/models/delivery';
import { Task } from '../src/models/task';
import type { ActivityDeps } from './deps';
import { settle } from './ledger';

const GAVE_UP = {
  code: 'gave-up',
  message: 'The provider did not take it for hours. Send it again when it is back.',
};

/** One line of the ledger, as a run's page shows it. */
export type Told = Pick<Delivery, 'channel' | 'kind' | 'state'> & { code: string | null };

/** Of the ledger's lines, newest first; a run's history stays short. */
const MOST_TOLD = 6;

/**
 * Notes that mail and calendar know the task as of this version. A delivery that still waits although its tries are
 * used up has failed. Returns how the newest deliveries stand.
 */
export async function finishTask(
  deps: ActivityDeps,
  input: { taskId: string; version: number; deliveries: string[] },
): Promise<Told[]> {
  const { taskId, version, deliveries } = input;
  let ledger = await newestFirst(deps, taskId);
  const waiting = ledger.filter(({ id, state }) => deliveries.includes(id) && state === 'pending');
  for (const delivery of waiting) {
    await settle(deps, delivery, { state: 'failed', error: delivery.error ?? GAVE_UP });
  }
  if (waiting.length > 0) ledger = await newestFirst(deps, taskId);
  await Task.query(deps.db)
    .findById(taskId)
    .patch({ syncedVersion: raw('greatest(synced_version, ?)', [version]) });
  return ledger
    .slice(0, MOST_TOLD)
    .map(({ channel, kind, state, error }) => ({ channel, kind, state, code: error?.code ?? null }));
}

const newestFirst = ({ db }: ActivityDeps, taskId: string): Promise<Delivery[]> =>
  Delivery.query(db)
    .where({ taskId })
    .orderBy([{ column: 'created_at', order: 'desc' }, 'channel', 'id'])
    .execute();
