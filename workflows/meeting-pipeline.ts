import { ActivityFailure, ApplicationFailure, CancelledFailure } from '@temporalio/common';
import {
  CancellationScope,
  condition,
  defineQuery,
  defineWorkflowOptions,
  isCancellation,
  makeContinueAsNewFunc,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Plan, Work } from '../activities/plan-work';
import { FAILURE_CODE } from '../src/temporal/search-attributes';
import { heedCancel, planWork, recordOutcome } from './activities';
import { Board } from './board';
import { carry, readGiven } from './given';
import { Inbox } from './inbox';
import { PROGRESS, type Progress } from './messages';
import { perform, StepFailed } from './perform';
import { UNDECODED } from './undecoded';

/**
 * A run stays under 150 events and 100 KB, unless signals come faster than it can end between two of them. A request
 * costs at most about 50 and 15: no other begins above this.
 */
const BEFORE_WORK = { events: 70, bytes: 50_000 };
/** A signal that asks nothing new costs 4 events; writing down one that does, about 10. */
const WHILE_IDLE = { events: 120, bytes: 80_000 };

/** What one run works with. */
interface Run {
  meetingId: string;
  board: Board;
  inbox: Inbox;
  /** The workflow itself was cancelled: what was asked before that is closed, then the run. */
  cancelled: boolean;
  /** What is open, when that is known already: from the upload that started the run, or from work that has just ended. */
  planned: Plan | null;
}

/**
 * Brings one meeting from recording to tasks, and again whenever somebody asks. The id is in the workflow id and
 * everything else in Postgres, so a run can be started by anybody at any time with no input: it plans what is open,
 * does it, waits for more, and ends after the re-extraction window; Failed when the meeting is failed, or gone.
 */
export async function MeetingPipeline(input?: unknown): Promise<void> {
  const { workflowId, runId } = workflowInfo();
  const meetingId = workflowId.slice('meeting-'.length);
  const board = new Board(meetingId);
  const inbox = new Inbox((note) => board.note(note));
  const { signalled, notes, planned } = readGiven(input, meetingId);
  const run: Run = { meetingId, board, inbox, cancelled: false, planned };
  setHandler(defineQuery<Progress>(PROGRESS), () => board.progress());
  notes.forEach((note) => board.note(note));
  inbox.carry(signalled);
  CancellationScope.current().cancelRequested.catch(() => {
    run.cancelled = true;
    inbox.cancelRun(runId);
  });
  try {
    await CancellationScope.nonCancellable(() => serve(run));
  } catch (error) {
    throw error instanceof ActivityFailure ? endedBy(error) : error;
  }
}
defineWorkflowOptions(MeetingPipeline, { staticOptions: { typeInfo: UNDECODED } });

async function serve(run: Run): Promise<void> {
  for (;;) {
    const plan = await writeDownAndPlan(run);
    run.board.know(plan);
    const more = run.inbox.hasRequests;
    if ((more || plan.work) && !run.cancelled && isLongerThan(BEFORE_WORK)) await goOnAsNew(run);
    if (more) continue;
    if (run.cancelled) return endCancelled(run, plan);
    if (plan.work) run.planned = await doWork(run, plan.work);
    else {
      run.board.show(plan.status);
      if (!(await waitForRequests(run, plan))) return end(plan);
      if (!run.inbox.hasRequests) await goOnAsNew(run);
    }
  }
}

/** Whatever was signalled is a row before anything is done about it. */
async function writeDownAndPlan(run: Run): Promise<Plan> {
  const { meetingId, inbox, planned } = run;
  run.planned = null;
  if (planned && !inbox.hasRequests) return planned;
  const plan = await planWork({ meetingId, signalled: inbox.take() });
  inbox.refuse(plan.refused);
  return plan;
}

/**
 * Does the work in a scope of its own and records how it ended, whatever happens. Returns what is open after a success,
 * or null when that must be asked: after a failure, and when signals became rows beside the last step.
 */
async function doWork(run: Run, work: Work): Promise<Plan | null> {
  const [working, watching] = [new CancellationScope(), new CancellationScope()];
  const watch = watching.run(() => cancelWhenAsked(run, work, working));
  let open: Plan | null = null;
  let heeded = false;
  try {
    open = await working.run(() => perform(work, run.board));
  } catch (error) {
    await recordEnd(run, work, error);
  } finally {
    watching.cancel();
    heeded = await watch;
  }
  return heeded ? null : open;
}

/**
 * A cancellation that was heeded before, in whatever run, stops nothing: Postgres knows. Returns whether there was
 * anything to heed.
 */
async function cancelWhenAsked({ inbox }: Run, work: Work, working: CancellationScope): Promise<boolean> {
  let heeds = false;
  try {
    for (let stop = false; !stop;) {
      await condition(() => inbox.hasCancel);
      heeds = true;
      const signalled = inbox.take();
      const heeded = await CancellationScope.nonCancellable(() => heedCancel({ work, signalled }));
      inbox.refuse(heeded.refused);
      stop = heeded.stop;
    }
    working.cancel();
  } catch (error) {
    // The work has ended; or its meeting is gone, which planning finds as well.
    if (!isCancellation(error)) working.cancel();
  }
  return heeds;
}

async function recordEnd({ board }: Run, work: Work, error: unknown): Promise<void> {
  if (error instanceof StepFailed) {
    const { step, code } = error.failure;
    const status = await recordOutcome.executeWithOptions({ summary: `${step} failed: ${code}` }, [
      { work, outcome: 'failed', failure: error.failure },
    ]);
    board.fail(error.failure, status);
  } else if (isCancellation(error)) {
    board.show(await recordOutcome({ work, outcome: 'cancelled', failure: null }));
  } else {
    throw error;
  }
}

/** True when there is something to see to; false when the window closed. */
async function waitForRequests({ inbox, board }: Run, plan: Plan): Promise<boolean> {
  if (plan.windowMs === 0) return inbox.hasRequests;
  const somethingToDo = () => inbox.hasRequests || isLongerThan(WHILE_IDLE);
  return condition(somethingToDo, plan.windowMs, { summary: board.summary });
}

function isLongerThan({ events, bytes }: typeof WHILE_IDLE): boolean {
  const { historyLength, historySize } = workflowInfo();
  return historyLength > events || historySize > bytes;
}

/** Never returns. A signal that the server took meanwhile makes it refuse the end of this run, which then sees it. */
function goOnAsNew({ inbox, board }: Run): Promise<never> {
  const next = makeContinueAsNewFunc<typeof MeetingPipeline>();
  return next(carry({ signalled: inbox.take(), notes: board.progress().notes }));
}

/** What was asked after the cancellation is done by a new run. */
async function endCancelled(run: Run, plan: Plan): Promise<void> {
  if (plan.work) await goOnAsNew(run);
  run.board.show(plan.status);
  throw new CancelledFailure('Cancelled.');
}

function end(plan: Plan): void {
  if (plan.status !== 'failed') return;
  throw ApplicationFailure.nonRetryable(plan.failure?.message ?? 'The meeting failed.', plan.failure?.code);
}

/** Rows can't be read for good: there is no such meeting, or it was deleted. The list of runs shows the code. */
function endedBy(failure: ActivityFailure): Error {
  const { cause } = failure;
  if (!(cause instanceof ApplicationFailure)) return failure;
  upsertSearchAttributes([{ key: FAILURE_CODE, value: cause.type ?? null }]);
  return ApplicationFailure.nonRetryable(cause.message, cause.type);
}
