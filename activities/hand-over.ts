import { activityInfo } from '@temporalio/activity';
import type { Transaction } from 'objection';
import { Meeting } from '../src/models/meeting';
import { openRequests, Request } from '../src/models/request';
import { Task } from '../src/models/task';
import { signalTaskChanged } from '../src/temporal/runs';
import type { ActivityDeps } from './deps';
import { lockMeeting, lockUnlessDone, setFailure, setStatus } from './meeting-state';
import { takeOpen, type Plan, type Work } from './plan-work';

/** As `handOverTasks`, for when the step before could not do that; a later attempt is written down. */
export async function handOver(deps: ActivityDeps, work: Work): Promise<Plan> {
  if (activityInfo().attempt > 1) await Meeting.transaction(deps.db, (trx) => noteAttempt(trx, work));
  return handOverTasks(deps, work);
}

/**
 * Hands every task that the world does not know yet to its own workflow; then the meeting is ready. Returns what is open
 * then, and takes it. Nothing is left to hand over when an attempt before has come so far and only its report was lost.
 */
export async function handOverTasks(deps: ActivityDeps, work: Work): Promise<Plan> {
  await signalLagging(deps, work);
  return Meeting.transaction(deps.db, async (trx) => {
    const open = await lockUnlessDone(trx, work);
    if (open) await finish(trx, open.meeting);
    return takeOpen(trx, deps, open?.meeting ?? (await lockMeeting(trx, work.meetingId)), open !== null);
  });
}

/** The first is on the row already: the step before has written it. */
async function noteAttempt(trx: Transaction, work: Work): Promise<void> {
  const open = await lockUnlessDone(trx, work);
  if (open) await setStatus(trx, open.meeting, 'notifying');
}

async function signalLagging({ db, temporal }: ActivityDeps, { meetingId, requestId }: Work): Promise<void> {
  const lagging = await Task.query(db)
    .where({ meetingId })
    .whereRaw('version > synced_version')
    .whereExists(Meeting.query(db).findById(meetingId).whereNull('deleted_at'))
    .whereExists(openRequests(db, meetingId).where({ requestId }))
    .select('id');
  await Promise.all(lagging.map(({ id }) => signalTaskChanged(temporal, id)));
}

async function finish(trx: Transaction, meeting: Meeting): Promise<void> {
  if (meeting.failure) await setFailure(trx, meeting, null);
  await setStatus(trx, meeting, 'ready');
  await Request.query(trx)
    .where({ meetingId: meeting.id, state: 'running' })
    .patch({ state: 'done', finishedAt: new Date() });
}
