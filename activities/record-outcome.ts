import type { MeetingStatus, Step } from '../src/domain/meeting';
import { upTo } from '../src/domain/run-steps';
import { Meeting } from '../src/models/meeting';
import { Request } from '../src/models/request';
import type { ActivityDeps } from './deps';
import { lockMeeting, restingStatus, setFailure, setStatus } from './meeting-state';
import type { Work } from './plan-work';

export interface Outcome {
  work: Work;
  outcome: 'failed' | 'cancelled';
  failure: { step: Step; code: string; message: string; retryable: boolean } | null;
}

/**
 * Closes this work's request, and those that were done along with it, and says where the meeting rests: `failed` or
 * `cancelled`, or `ready` when it had been ready before. Nothing that was saved is touched, and nothing changes when
 * the work has ended already: other work may be under way by then. Returns the status.
 */
export async function recordOutcome(
  deps: ActivityDeps,
  { work: { meetingId, requestId }, outcome, failure: reason }: Outcome,
): Promise<MeetingStatus> {
  return Meeting.transaction(deps.db, async (trx) => {
    const meeting = await lockMeeting(trx, meetingId);
    const running = () => Request.query(trx).where({ meetingId, state: 'running' });
    if (!(await running().findOne({ requestId }))) return meeting.status;
    const at = new Date();
    const failure = reason && { ...reason, at: at.toISOString() };
    await running().patch({ state: outcome, failure, finishedAt: at });
    if (failure) {
      await setFailure(trx, meeting, failure);
      meeting.steps = upTo(meeting.steps, failure.step);
    }
    const status = await restingStatus(trx, meetingId, outcome);
    await setStatus(trx, meeting, status, { ending: outcome });
    return status;
  });
}
