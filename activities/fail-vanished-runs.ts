import { WorkflowNotFoundError } from '@temporalio/common';
import type { Transaction, TransactionOrKnex } from 'objection';
import { IN_WORK, type Failure, type MeetingStatus, type Step } from '../src/domain/meeting';
import { Meeting } from '../src/models/meeting';
import { openRequests, Request } from '../src/models/request';
import { pipelineId } from '../workflows/messages';
import type { ActivityDeps } from './deps';
import { withHeartbeat } from './heartbeat';
import { report, tally } from './janitor';
import { restingStatus, setFailure, setStatus } from './meeting-state';
import { sideBySide } from './side-by-side';

const KIND = 'vanished-runs';
const BATCH = 100;
/** Questions to Temporal at once; each takes a few milliseconds there. */
const AT_ONCE = 5;
const TIMEOUT_MS = 5_000;
/** Sorts before every id. */
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** How a run ended; `GONE` = Temporal has none. */
const ENDINGS = {
  TERMINATED: 'was terminated',
  TIMED_OUT: 'took too long and was ended',
  FAILED: 'failed',
  CANCELLED: 'was cancelled',
  COMPLETED: 'ended',
  GONE: 'is not in Temporal any more',
} as const;
type Ending = keyof typeof ENDINGS;

/**
 * Meetings that are in work according to their rows while nobody works on them: their run was terminated, timed out or
 * is gone, and nothing is on its way that would start another. They fail with `run-terminated` where they stood, so
 * that somebody can ask again; one that had been ready stays ready. Returns how many.
 */
export async function failVanishedRuns(deps: ActivityDeps): Promise<number> {
  const failed = await withHeartbeat({ looked: 0, failed: 0 }, async (where, signal) => {
    let after = BEFORE_ALL;
    while (!signal.aborted) {
      const ids = await suspects(deps, after);
      await sideBySide(ids, AT_ONCE, async (meetingId) => {
        if (await failIfVanished(deps, meetingId)) where.failed++;
        where.looked++;
        return [];
      });
      if (ids.length < BATCH) break;
      after = ids.at(-1)!;
    }
    await tally(deps.db, KIND, where.failed);
    return where.failed;
  });
  return report(deps, KIND, failed);
}

/** In work, or with a request that is open. By id, so that none is looked at twice. */
async function suspects(deps: ActivityDeps, after: string): Promise<string[]> {
  const inWork = Meeting.query(deps.db).select('id').whereNull('deleted_at').whereIn('status', IN_WORK);
  const asked = Request.query(deps.db).select('meeting_id').whereIn('state', ['pending', 'running']);
  const found = await startedMeetings(deps.db)
    .select('id')
    .whereIn('id', inWork.union(asked))
    .where('id', '>', after)
    .orderBy('id')
    .limit(BATCH);
  return found.map(({ id }) => id);
}

/** Not deleted, and Temporal has said that it started a run. */
const startedMeetings = (db: TransactionOrKnex) =>
  Meeting.query(db).whereNull('deleted_at').whereNotNull('run_started_at');

/**
 * Asks twice: first without a lock, as nearly all of them run; then with the meeting's row locked. A run that is
 * started after that plans only when we have committed, and finds what we have left open.
 */
async function failIfVanished(deps: ActivityDeps, meetingId: string): Promise<boolean> {
  if ((await endingOf(deps, meetingId)) === null) return false;
  return Meeting.transaction(deps.db, async (trx) => {
    const meeting = await startedMeetings(trx).findById(meetingId).forUpdate();
    if (!meeting || (await somethingIsOnItsWay(trx, meetingId))) return false;
    const open = await openRequests(trx, meetingId).orderByRaw(`state = 'running' desc, created_at`);
    if (open.length === 0 && !IN_WORK.includes(meeting.status)) return false;
    const ending = await endingOf(deps, meetingId);
    if (ending === null) return false;
    await fail(trx, meeting, { open, ending });
    return true;
  });
}

/**
 * A request that Temporal was not told of has a run of its own coming. One that it was told of is in the latest run, and
 * that is asked for afterwards.
 */
const somethingIsOnItsWay = async (trx: Transaction, meetingId: string): Promise<boolean> =>
  (await Request.query(trx).where({ meetingId, state: 'pending' }).whereNull('signalled_at').resultSize()) >
  0;

/** How the latest run of the meeting ended; null = it is open. */
async function endingOf({ temporal }: ActivityDeps, meetingId: string): Promise<Ending | null> {
  const run = temporal.workflow.getHandle(pipelineId(meetingId));
  try {
    const { status } = await temporal.withDeadline(Date.now() + TIMEOUT_MS, () => run.describe());
    // Whatever a later server may call it: only what is known to be an end is one.
    return status.name in ENDINGS ? (status.name as Ending) : null;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'GONE';
    throw error;
  }
}

async function fail(
  trx: Transaction,
  meeting: Meeting,
  { open, ending }: { open: Request[]; ending: Ending },
): Promise<void> {
  const at = new Date();
  const step = stepOf(meeting.status, open[0]);
  const failure: Failure = {
    step,
    code: 'run-terminated',
    message: `The run ${ENDINGS[ending]} before its work was done. Ask again; what was saved is kept.`,
    retryable: true,
    at: at.toISOString(),
  };
  // Those that were looked at, and none that somebody has made meanwhile.
  const ids = open.map(({ requestId }) => requestId);
  await openRequests(trx, meeting.id)
    .whereIn('requestId', ids)
    .patch({ state: 'failed', failure, finishedAt: at });
  await setFailure(trx, meeting, failure);
  await setStatus(trx, meeting, await restingStatus(trx, meeting.id, 'failed'));
}

/** Where it stood; when nothing had begun, where the request would have begun. */
function stepOf(status: MeetingStatus, request: Request | undefined): Step {
  const begun: Partial<Record<MeetingStatus, Step>> = {
    probing: 'probe',
    transcribing: 'transcribe',
    extracting: 'extract',
    notifying: 'notify',
  };
  return begun[status] ?? (request?.kind === 'extract' ? 'extract' : 'probe');
}
