import type { Transaction } from 'objection';
import { Meeting } from '../src/models/meeting';
import { Request } from '../src/models/request';
import { Task } from '../src/models/task';
import { signalTaskChanged } from '../src/temporal/runs';
import type { ActivityDeps } from './deps';
import { lockMeeting, lockUnlessDone, setFailure, setStatus } from './meeting-state';
import { takeOpen, type Plan, type Work } from './plan-work';

/**
 * Hands every task that the world does not know yet to its own workflow; then the meeting is ready. Returns what is open
 * then, and takes it. Nothing is left to hand over when an attempt before has come so far and only its report was lost.
 */
export async function handOver(deps: ActivityDeps, work: Work): Promise<Plan> {
  const { meetingId } = work;
  const isOpen = await Meeting.transaction(deps.db, async (trx) => {
    const meeting = await lockUnlessDone(trx, work);
    if (meeting) await setStatus(trx, meeting, 'notifying');
    return meeting !== null;
  });
  if (isOpen) await signalLagging(deps, meetingId);
  return Meeting.transaction(deps.db, async (trx) => {
    const meeting = await lockUnlessDone(trx, work);
    if (meeting) await finish(trx, meeting);
    return takeOpen(trx, deps, meeting ?? (await lockMeeting(trx, meetingId)));
  });
}

async function signalLagging({ db, temporal }: ActivityDeps, meetingId: string): Promise<void> {
  const lagging = await Task.query(db).where({ meetingId }).whereRaw('version > synced_version').select('id');
  await Promise.all(lagging.map(({ id }) => signalTaskChanged(temporal, id)));
}

async function finish(trx: Transaction, meeting: Meeting): Promise<void> {
  await Request.query(trx)
    .where({ meetingId: meeting.id, state: 'running' })
    .patch({ state: 'done', finishedAt: new Date() });
  if (meeting.failure) await setFailure(trx, meeting, null);
  await setStatus(trx, meeting, 'ready');
}
