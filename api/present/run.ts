/** A meeting's run as the front end shows it: what Postgres knows, and what only Temporal knows of attempts. */
import Joi from 'joi';
import { STEPS, type Step } from '../../src/domain/meeting';
import type { StepView } from '../../src/domain/run-steps';
import type { KnownRun, PendingActivity } from '../../src/temporal/known-run';
import { count, instant, orNull, string } from './shapes';

/** Of Temporal, in lower case; and what is said when Temporal says nothing. */
const RUN_STATUSES = [
  'running',
  'paused',
  'completed',
  'failed',
  'cancelled',
  'terminated',
  'continued_as_new',
  'timed_out',
  'not_started',
  'unknown',
] as const;

const stepShape = Joi.object({
  name: Joi.string().valid(...STEPS),
  state: Joi.string().valid('pending', 'running', 'retrying', 'done', 'failed'),
  attempt: count,
  startedAt: orNull(instant),
  finishedAt: orNull(instant),
  durationMs: orNull(count),
  nextRetryAt: orNull(instant),
  error: orNull(Joi.object({ code: string, message: string })),
}).meta({ title: 'RunStep' });

export const runShape = Joi.object({
  workflowId: string,
  runId: orNull(string),
  status: Joi.string().valid(...RUN_STATUSES),
  webUiUrl: orNull(string),
  steps: Joi.array().items(stepShape),
}).meta({ title: 'Run' });

const OPEN = ['running', 'paused', 'continued_as_new'];

const ENDED = { code: 'run-terminated', message: 'The run ended before the step did. Ask again.' };

/** Which step an activity belongs to; the last of a step's that is pending counts. */
const STEP_OF_ACTIVITY: Record<string, Step> = {
  diarize: 'transcribe',
  assemble: 'transcribe',
  handOver: 'notify',
  probe: 'probe',
  transcribe: 'transcribe',
  extract: 'extract',
};

/** `known` = null: Temporal is away or knows of no run. */
export function presentSteps(steps: StepView[], known: KnownRun | null) {
  return steps.map((step) => {
    const merged = { ...step, nextRetryAt: null, ...(known && goingOn(step, known)) };
    const { name, state, attempt, startedAt, finishedAt, nextRetryAt, error } = merged;
    return {
      name,
      state: state === 'skipped' ? ('done' as const) : state,
      attempt,
      startedAt,
      finishedAt,
      durationMs: startedAt && finishedAt ? Date.parse(finishedAt) - Date.parse(startedAt) : null,
      nextRetryAt,
      error,
    };
  });
}

function goingOn(step: StepView, { status, pending }: KnownRun) {
  // A run that was terminated still lists what was pending then.
  if (!OPEN.includes(status))
    return step.state === 'running' ? { state: 'failed' as const, error: ENDED } : {};
  const activity = pendingOf(step.name, pending);
  return activity ? withActivity(step, activity) : {};
}

/** The step's own activity before the ones that run beside or after it. */
const pendingOf = (step: Step, pending: PendingActivity[]) =>
  pending
    .filter(({ type }) => STEP_OF_ACTIVITY[type] === step)
    .sort((a, b) => Number(b.type === step) - Number(a.type === step))[0];

/** Waiting for its next attempt, or in one that is not the first: then `error` says how the last one ended. */
function withActivity(step: StepView, activity: PendingActivity) {
  const { attempt, startedAt, nextRetryAt, lastFailure } = activity;
  const endedMeanwhile = step.finishedAt !== null && startedAt !== null && step.finishedAt > startedAt;
  if (endedMeanwhile || (attempt === 1 && !lastFailure)) return {};
  const state = nextRetryAt ? ('retrying' as const) : ('running' as const);
  return { state, attempt, nextRetryAt, finishedAt: null, error: lastFailure };
}
