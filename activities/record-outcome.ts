import type { MeetingStatus, Step } from '../src/domain/meeting';
import { Meeting } from '../src/models/meeting';
import { Request } from '../src/models/request';
import type { ActivityDeps } from './deps';
import { lockMeeting, restingStatus, setFailure, setStatus } from './meeting-state';

export interface Outcome {
  meetingId: string;
  outcome: 'failed' | 'cancelled';
  failure: { step: Step; code: string; message: string; retryable: boolean } | null;
}

/**
 * Closes the requests that were being done and says where the meeting rests: `failed` or `cancelled`, or `ready` when
 * it had been ready before. Nothing that was saved is touched. Returns the status.
 */
export async function recordOutcome(deps: ActivityDeps, input: Outcome): Promise<MeetingStatus> {
  return Meeting.transaction(deps.db, async (trx) => {
    const meeting = await lockMeeting(trx, input.meetingId);
    const at = new Date();
    const failure = input.failure && { ...input.failure, at: at.toISOString() };
    const closed = await Request.query(trx)
      .where({ meetingId: meeting.id, state: 'running' })
      .patch({ state: input.outcome, failure, finishedAt: at });
    // A repeated attempt, or a cancellation of a run that was idle, finds nothing to close.
    if (closed === 0) return meeting.status;
    if (failure) await setFailure(trx, meeting.id, failure);
    const status = await restingStatus(trx, meeting.id, input.outcome);
    await setStatus(trx, meeting, status, input.outcome);
    return status;
  });
}
