import { activityInfo } from '@temporalio/activity';
import { raw, type Transaction } from 'objection';
import type { Failure, MeetingStatus } from '../src/domain/meeting';
import { recordSteps, stepOf, type Ending } from '../src/domain/run-steps';
import { UUID } from '../src/domain/uuid';
import { Extraction } from '../src/models/extraction';
import { Meeting } from '../src/models/meeting';
import { MeetingEvent, type NewEvent } from '../src/models/meeting-event';
import { OPEN_STATES, Request } from '../src/models/request';
import { ProviderError } from '../src/provider-error';
import type { Work } from './plan-work';

/** The meeting was deleted (or never was): whatever comes late is refused. */
export const meetingGone = (): ProviderError =>
  new ProviderError('meeting-gone', 'The meeting does not exist or was deleted.', { retryable: false });

/** The work was done, cancelled or given up: an attempt that comes late is refused. */
export const workIsOver = (): ProviderError =>
  new ProviderError('request-over', 'This was done, cancelled or given up before.', { retryable: false });

/** Locks the meeting's row until the transaction ends, so that one writer changes it at a time. Throws `meeting-gone`. */
export async function lockMeeting(trx: Transaction, meetingId: string): Promise<Meeting> {
  if (!UUID.test(meetingId)) throw meetingGone();
  const meeting = await Meeting.query(trx)
    .findById(meetingId)
    .select(Meeting.columns)
    .whereNull('deleted_at')
    .forUpdate();
  if (!meeting) throw meetingGone();
  return meeting;
}

/** A meeting that is locked until the transaction ends, and what is being done for it. */
export interface Locked {
  meeting: Meeting;
  request: Asked;
}

/** What of a request has no time in it: times would be text here. */
type Asked = Pick<
  Request,
  'meetingId' | 'requestId' | 'kind' | 'instructions' | 'language' | 'requestedBy' | 'state'
>;

/**
 * Locks the meeting for a step of this work. Throws `request-over` when the work was done, cancelled or given up: an
 * attempt that comes late, of a worker that was frozen, changes nothing any more.
 */
export async function lockForWork(trx: Transaction, work: Work): Promise<Locked> {
  const locked = await lockUnlessDone(trx, work);
  if (!locked) throw workIsOver();
  return locked;
}

/** As `lockForWork`, but null when the work was done: an attempt before has come to the end. */
export async function lockUnlessDone(
  trx: Transaction,
  { meetingId, requestId }: Work,
): Promise<Locked | null> {
  if (!UUID.test(meetingId)) throw meetingGone();
  // Locks the meeting, then the request: a row that is waited for is read again, one that is only joined is not.
  const meeting = await Meeting.query(trx)
    .select(...Meeting.columns.map((column) => `meetings.${column}`), raw('to_jsonb(requests) as request'))
    .join('requests', 'requests.meeting_id', 'meetings.id')
    .where({ 'meetings.id': meetingId, 'requests.request_id': requestId })
    .whereNull('meetings.deleted_at')
    .first()
    .forUpdate();
  if (!meeting) throw meetingGone();
  const request: Asked = Request.fromDatabaseJson((meeting as unknown as { request: object }).request);
  if (OPEN_STATES.includes(request.state)) return { meeting, request };
  if (request.state === 'done') return null;
  throw workIsOver();
}

/**
 * Moves the meeting on and tells whoever watches; the same status again is no news, but a later attempt at its step is
 * written down.
 * @param ending - of the step that ran, when the meeting rests in `status`
 * @param attempt - at the step that `status` means; this activity's unless another activity does that step
 * @param before - what happened before that and is told along with it
 */
export async function setStatus(
  trx: Transaction,
  meeting: Meeting,
  status: MeetingStatus,
  { ending = 'done', attempt = currentAttempt(status), before = [] }: Along = {},
): Promise<void> {
  const now = new Date();
  const steps = recordSteps(meeting.steps, status, { attempt, at: now.toISOString(), ending });
  const isNews = meeting.status !== status;
  if (!isNews && steps === meeting.steps && before.length === 0) return;
  const moved = { status, steps, updatedAt: now };
  const events = isNews ? [...before, { type: 'status' as const, data: { status } }] : before;
  if (events.length > 0) await MeetingEvent.appendAll(trx, meeting.id, events, moved);
  else await Meeting.query(trx).findById(meeting.id).patch(moved);
  meeting.$set(moved);
}

interface Along {
  ending?: Ending;
  attempt?: number;
  before?: NewEvent[];
}

const currentAttempt = (status: MeetingStatus): number => (stepOf(status) ? activityInfo().attempt : 0);

/** Says what failed, or with null that nothing does any more. */
export async function setFailure(trx: Transaction, meeting: Meeting, failure: Failure | null): Promise<void> {
  await Meeting.query(trx).findById(meeting.id).patch({ failure, updatedAt: new Date() });
  meeting.$set({ failure });
  if (!failure) return;
  const { step, code, message } = failure;
  await MeetingEvent.append(trx, meeting.id, 'failure', { step, code, message });
}

/** Whether the meeting has been ready before: then a failed or cancelled re-run leaves it ready. */
async function hasBeenReady(trx: Transaction, meetingId: string): Promise<boolean> {
  return Boolean(await Extraction.query(trx).findOne({ meetingId, state: 'applied' }).select('id'));
}

/** Where the meeting rests after work that did not succeed. */
export async function restingStatus(
  trx: Transaction,
  meetingId: string,
  otherwise: 'failed' | 'cancelled',
): Promise<MeetingStatus> {
  return (await hasBeenReady(trx, meetingId)) ? 'ready' : otherwise;
}
