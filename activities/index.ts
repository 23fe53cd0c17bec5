import { applyExtraction } from './apply-extraction';
import { assemble } from './assemble';
import type { ActivityDeps } from './deps';
import { diarize } from './diarize';
import { extract } from './extract';
import { finishTask } from './finish-task';
import { handOver } from './hand-over';
import { planTask } from './plan-task';
import { planWork } from './plan-work';
import { probe } from './probe';
import { recordOutcome } from './record-outcome';
import { sendMail } from './send-mail';
import { syncCalendar } from './sync-calendar';
import { transcribe } from './transcribe';
import { typed } from './typed-failure';

const VERBS = {
  planWork,
  probe,
  transcribe,
  diarize,
  assemble,
  extract,
  applyExtraction,
  handOver,
  recordOutcome,
  planTask,
  sendMail,
  syncCalendar,
  finishTask,
};

type Verbs = typeof VERBS;
/** The activities by name: what the workflows call. */
export type Activities = {
  [Name in keyof Verbs]: (input: Parameters<Verbs[Name]>[1]) => ReturnType<Verbs[Name]>;
};

/** Binds every activity to its dependencies and makes every failure a typed one. */
export function createActivities(deps: ActivityDeps): Activities {
  const bound = Object.entries(VERBS).map(([name, verb]) => [
    name,
    typed(deps.log, name, (input: never) =>
      (verb as (deps: ActivityDeps, input: never) => Promise<unknown>)(deps, input),
    ),
  ]);
  return Object.fromEntries(bound) as Activities;
}
