import { raw, type Transaction } from 'objection';
import type { Failure, MeetingStatus, Step } from '../src/domain/meeting';
import { viewSteps, type StepView } from '../src/domain/run-steps';
import { Meeting } from '../src/models/meeting';
import { openRequests, Request } from '../src/models/request';
import type { ActivityDeps } from './deps';
import { lockMeeting, restingStatus, setStatus } from './meeting-state';

/** A request as a signal carries it; the api's signals carry the id of a row, an operator's the whole wish. */
export interface SignalledRequest {
  kind: 'transcribe' | 'extract' | 'cancel';
  requestId: string;
  instructions: string | null;
  language: string | null;
}

/** One piece of work: what every step of it is keyed by. */
export interface Work {
  meetingId: string;
  requestId: string;
  kind: 'transcribe' | 'extract';
}

export interface Plan {
  /** What to do now; null = nothing is open. */
  work: Work | null;
  ownerId: string;
  status: MeetingStatus;
  failure: { step: Step; code: string; message: string } | null;
  /** How far earlier work came. */
  steps: Pick<StepView, 'name' | 'state' | 'attempt'>[];
  /** How long to wait for more: what is left of the window since the last work ended; 0 when there is work. */
  windowMs: number;
  /** Kinds of signals that did nothing, because their ids belong to requests of other kinds. */
  refused: SignalledRequest['kind'][];
}

/**
 * Writes down what was signalled (the same id twice is one request, in whatever run it comes) and takes the oldest open
 * request. Equal ones that wait with it are taken along; a cancellation closes all that came before it.
 */
export async function planWork(
  deps: ActivityDeps,
  input: { meetingId: string; signalled: SignalledRequest[] },
): Promise<Plan> {
  return Meeting.transaction(deps.db, async (trx) => {
    const meeting = await lockMeeting(trx, input.meetingId);
    const refused = await writeDown(trx, meeting.id, input.signalled);
    return { ...(await takeOpen(trx, deps, meeting)), refused };
  });
}

/**
 * Takes the oldest open request, after every cancellation. Call it with the meeting locked.
 * @param justEnded - work has ended in this transaction: the window begins now
 */
export async function takeOpen(
  trx: Transaction,
  { reextractionWindowMs }: Pick<ActivityDeps, 'reextractionWindowMs'>,
  meeting: Meeting,
  justEnded = false,
): Promise<Plan> {
  let open = await inTheirOrder(trx, meeting.id);
  let { status } = meeting;
  if (open.some(({ kind }) => kind === 'cancel')) {
    status = await cancelAsAsked(trx, meeting);
    open = await inTheirOrder(trx, meeting.id);
  }
  const [next = null] = open;
  if (next) await take(trx, next);
  const steps = viewSteps({ ...meeting, status, hasMedia: meeting.mediaKey !== null });
  const window = () =>
    justEnded ? reextractionWindowMs : windowLeftMs(trx, meeting.id, reextractionWindowMs);
  return {
    work: next && { meetingId: meeting.id, requestId: next.requestId, kind: kindOfWork(next) },
    ownerId: meeting.ownerId,
    status,
    failure: shortFailure(meeting.failure),
    steps: steps.map(({ name, state, attempt }) => ({ name, state, attempt })),
    windowMs: next ? 0 : await window(),
    refused: [],
  };
}

const kindOfWork = (request: Request): Work['kind'] =>
  request.kind === 'extract' ? 'extract' : 'transcribe';

const shortFailure = (failure: Failure | null) =>
  failure && { step: failure.step, code: failure.code, message: failure.message };

/** Makes rows of signals that have none yet, in their order. Returns the kinds of those whose id is another kind's. */
export async function writeDown(
  trx: Transaction,
  meetingId: string,
  signalled: SignalledRequest[],
): Promise<SignalledRequest['kind'][]> {
  const refused: SignalledRequest['kind'][] = [];
  for (const [index, request] of signalled.entries()) {
    const known = await Request.query(trx).findById([meetingId, request.requestId]);
    if (known && known.kind !== request.kind) refused.push(request.kind);
    if (known) continue;
    const now = raw('clock_timestamp()');
    await Request.query(trx).insert({ ...request, meetingId, createdAt: now, signalledAt: new Date() });
    // A cancellation spares what was signalled after it, also when the api wrote that row before we wrote this one.
    const later = signalled.slice(index + 1).map(({ requestId }) => requestId);
    if (request.kind === 'cancel') {
      await openRequests(trx, meetingId).whereIn('request_id', later).patch({ createdAt: now });
    }
  }
  return refused;
}

async function windowLeftMs(trx: Transaction, meetingId: string, windowMs: number): Promise<number> {
  const work = Request.query(trx).where({ meetingId }).whereNot({ kind: 'cancel' });
  const last = await work.whereNotNull('finished_at').orderBy('finished_at', 'desc').first();
  const idleMs = last?.finishedAt ? Math.max(0, Date.now() - last.finishedAt.getTime()) : 0;
  return Math.max(0, windowMs - idleMs);
}

/** Returns the meeting's status after all open cancellations have been honoured. */
async function cancelAsAsked(trx: Transaction, meeting: Meeting): Promise<MeetingStatus> {
  const cancels = () => openRequests(trx, meeting.id).where({ kind: 'cancel' });
  const stopped = await openRequests(trx, meeting.id)
    .whereNot({ kind: 'cancel' })
    // Compared by Postgres: a Date would lose the microseconds.
    .where('created_at', '<=', cancels().max('created_at'))
    .patch({ state: 'cancelled', finishedAt: new Date() });
  await cancels().patch({ state: 'done', finishedAt: new Date() });
  if (stopped === 0) return meeting.status;
  const status = await restingStatus(trx, meeting.id, 'cancelled');
  await setStatus(trx, meeting, status, { ending: 'cancelled' });
  return status;
}

/** What is being done comes first, then the oldest. */
const inTheirOrder = (trx: Transaction, meetingId: string): Promise<Request[]> =>
  openRequests(trx, meetingId).orderByRaw("state = 'running' desc, created_at, request_id").execute();

/** And those that wait for the same. */
async function take(trx: Transaction, { meetingId, kind, instructions, language }: Request): Promise<void> {
  await openRequests(trx, meetingId)
    .where({ kind })
    .whereRaw('(instructions, language) is not distinct from (?::text, ?::text)', [instructions, language])
    .patch({ state: 'running' });
}
