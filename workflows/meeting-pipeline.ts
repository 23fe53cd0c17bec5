import {
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  isCancellation,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Plan, Work } from '../activities/plan-work';
import { planWork, recordOutcome } from './activities';
import { Board } from './board';
import { Inbox } from './inbox';
import { PROGRESS, type Progress } from './messages';
import { perform, StepFailed } from './perform';

/** A request costs about 60 events; a run goes on as new before one that could take it past 150. */
const MAX_EVENTS_BEFORE_NEXT_REQUEST = 70;

/**
 * Brings one meeting from recording to tasks, and again whenever somebody asks. The id is in the workflow id and
 * everything else in Postgres, so a run can be started by anybody at any time with no input: it plans what is open,
 * does it, waits for more, and ends after the re-extraction window; Failed when the meeting is failed.
 */
export async function MeetingPipeline(): Promise<void> {
  const meetingId = workflowInfo().workflowId.slice('meeting-'.length);
  let running: CancellationScope | null = null;
  const board = new Board(meetingId);
  const inbox = new Inbox(
    () => running?.cancel(),
    (note) => board.note(note),
  );
  setHandler(defineQuery<Progress>(PROGRESS), () => board.progress());
  try {
    await serve(meetingId, inbox, board, (scope) => (running = scope));
  } catch (error) {
    if (isCancellation(error))
      await CancellationScope.nonCancellable(() => recordCancelled(meetingId, board));
    throw error;
  }
}

async function serve(
  meetingId: string,
  inbox: Inbox,
  board: Board,
  setRunning: (scope: CancellationScope | null) => void,
): Promise<void> {
  for (;;) {
    const plan = await planWork({ meetingId, signalled: inbox.take() });
    board.know(plan);
    // Whatever was signalled is written down before anything else: a run that goes on as new takes nothing along.
    if (inbox.hasRequests) continue;
    if (plan.work) {
      if (workflowInfo().historyLength > MAX_EVENTS_BEFORE_NEXT_REQUEST) await continueAsNew();
      const scope = new CancellationScope();
      setRunning(scope);
      await doWork(scope, plan.work, board);
      setRunning(null);
    } else {
      board.show(plan.status);
      if (!(await waitForRequests(inbox, plan, board.summary))) return end(plan);
    }
  }
}

/** Does the work in a scope of its own and records how it ended, whatever happens. */
async function doWork(scope: CancellationScope, work: Work, board: Board): Promise<void> {
  try {
    await scope.run(() => perform(work, board));
  } catch (error) {
    await CancellationScope.nonCancellable(() => recordEnd(work, board, error));
  }
}

async function recordEnd(work: Work, board: Board, error: unknown): Promise<void> {
  const { meetingId } = work;
  if (error instanceof StepFailed) {
    const { step, code } = error.failure;
    const status = await recordOutcome.executeWithOptions({ summary: `${step} failed: ${code}` }, [
      { meetingId, outcome: 'failed', failure: error.failure },
    ]);
    board.fail(error.failure, status);
  } else if (isCancellation(error)) {
    await recordCancelled(meetingId, board);
  } else {
    throw error;
  }
}

async function recordCancelled(meetingId: string, board: Board): Promise<void> {
  board.show(await recordOutcome({ meetingId, outcome: 'cancelled', failure: null }));
}

/** True when there is something to plan; false when the window closed. Native cancellation closes it at once. */
async function waitForRequests(inbox: Inbox, plan: Plan, summary: string): Promise<boolean> {
  if (plan.windowMs === 0) return inbox.hasRequests;
  return condition(() => inbox.hasRequests, plan.windowMs, { summary });
}

function end(plan: Plan): void {
  if (plan.status !== 'failed') return;
  throw ApplicationFailure.nonRetryable(plan.failure?.message ?? 'The meeting failed.', plan.failure?.code);
}
