/** What people ask of a meeting's pipeline: written down first, then signalled. */
import type { Transaction } from 'objection';
import type { Meeting } from '../src/models/meeting';
import { openRequests, OPEN_STATES, Request } from '../src/models/request';
import { signalPipeline } from '../src/temporal/runs';
import type { Deps } from './route';
import { tellTemporal } from './tell-temporal';

export type NewRequest = Pick<Request, 'kind' | 'requestId'> &
  Partial<Pick<Request, 'instructions' | 'language'>> & { requestedBy: string };

/** Commits the request with what `andKeep` writes, and tells Temporal; while that is away, the catch-up loop does. */
export async function requestOf(
  deps: Deps,
  meeting: Meeting,
  wish: NewRequest,
  andKeep: (trx: Transaction) => Promise<void>,
): Promise<void> {
  await Request.transaction(deps.db, async (trx) => {
    await Request.query(trx).insert({ meetingId: meeting.id, ...wish });
    await andKeep(trx);
  });
  await signalRequest(deps, meeting, wish);
}

async function signalRequest(
  deps: Deps,
  meeting: Meeting,
  request: Pick<Request, 'kind' | 'requestId'>,
): Promise<void> {
  const { requestId } = request;
  const subject = { meetingId: meeting.id, requestId };
  const note = () =>
    Request.query(deps.db).findById([meeting.id, requestId]).patch({ signalledAt: new Date() });
  await tellTemporal(deps, () => signalPipeline(deps.temporal, meeting, request), subject, note);
}

/** Whether the work has come to an end, good or bad. */
export async function isFinished(deps: Deps, meetingId: string, requestId: string): Promise<boolean> {
  const request = await Request.query(deps.db).findById([meetingId, requestId]).select('state');
  return request === undefined || !OPEN_STATES.includes(request.state);
}

/** Whether a transcript will be there without anybody asking again. */
export async function isTranscriptComing(deps: Deps, { id, status }: Meeting): Promise<boolean> {
  if (['queued', 'probing', 'transcribing'].includes(status)) return true;
  return (await openRequests(deps.db, id).where({ kind: 'transcribe' }).resultSize()) > 0;
}
