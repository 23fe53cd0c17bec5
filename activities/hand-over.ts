import { Meeting } from '../src/models/meeting';
import { Request } from '../src/models/request';
import { Task } from '../src/models/task';
import { signalTaskChanged } from '../src/temporal/runs';
import type { ActivityDeps } from './deps';
import { lockForWork, setFailure, setStatus } from './meeting-state';
import type { Work } from './plan-work';

/** Hands every task that the world does not know yet to its own workflow; then the meeting is ready. */
export async function handOver(deps: ActivityDeps, work: Work): Promise<void> {
  const { meetingId } = work;
  await Meeting.transaction(deps.db, async (trx) =>
    setStatus(trx, await lockForWork(trx, work), 'notifying'),
  );
  const lagging = await Task.query(deps.db)
    .where({ meetingId })
    .whereRaw('version > synced_version')
    .select('id');
  await Promise.all(lagging.map(({ id }) => signalTaskChanged(deps.temporal, id)));
  await Meeting.transaction(deps.db, async (trx) => {
    const meeting = await lockForWork(trx, work);
    await Request.query(trx)
      .where({ meetingId, state: 'running' })
      .patch({ state: 'done', finishedAt: new Date() });
    await setFailure(trx, meetingId, null);
    await setStatus(trx, meeting, 'ready');
  });
}
