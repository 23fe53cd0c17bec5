import type { Transaction } from 'objection';
import { Meeting } from '../src/models/meeting';
import { Request } from '../src/models/request';
import { Task } from '../src/models/task';
import { signalTaskChanged } from '../src/temporal/runs';
import type { ActivityDeps } from './deps';
import { lockUnlessDone, setFailure, setStatus } from './meeting-state';
import type { Work } from './plan-work';

/**
 * Hands every task that the world does not know yet to its own workflow; then the meeting is ready. Nothing is left to do
 * when an attempt before has come so far and only its report was lost.
 */
export async function handOver(deps: ActivityDeps, work: Work): Promise<void> {
  const { meetingId } = work;
  const isOpen = await unlessDone(deps, work, (trx, meeting) => setStatus(trx, meeting, 'notifying'));
  if (!isOpen) return;
  const lagging = await Task.query(deps.db)
    .where({ meetingId })
    .whereRaw('version > synced_version')
    .select('id');
  await Promise.all(lagging.map(({ id }) => signalTaskChanged(deps.temporal, id)));
  await unlessDone(deps, work, async (trx, meeting) => {
    await Request.query(trx)
      .where({ meetingId, state: 'running' })
      .patch({ state: 'done', finishedAt: new Date() });
    if (meeting.failure) await setFailure(trx, meetingId, null);
    await setStatus(trx, meeting, 'ready');
  });
}

/** False = an earlier attempt has finished this work. */
function unlessDone(
  { db }: ActivityDeps,
  work: Work,
  act: (trx: Transaction, meeting: Meeting) => Promise<void>,
): Promise<boolean> {
  return Meeting.transaction(db, async (trx) => {
    const meeting = await lockUnlessDone(trx, work);
    if (meeting) await act(trx, meeting);
    return meeting !== null;
  });
}
