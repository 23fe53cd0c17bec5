import { assemble } from './assemble';
import { awaitCalls } from './await-calls';
import { clearCalendars } from './clear-calendars';
import { deleteHistories } from './delete-histories';
import { deliver } from './deliver';
import type { ActivityDeps } from './deps';
import { diarize } from './diarize';
import { expireRecords } from './expire-records';
import { extract } from './extract';
import { failVanishedRuns } from './fail-vanished-runs';
import { finishErasure } from './finish-erasure';
import { finishTask } from './finish-task';
import { forgetMails } from './forget-mails';
import { handOver } from './hand-over';
import { heedCancel } from './heed-cancel';
import { planTask } from './plan-task';
import { planWork } from './plan-work';
import { probe } from './probe';
import { recordOutcome } from './record-outcome';
import { removeAbandonedUploads } from './remove-abandoned-uploads';
import { removeRecording } from './remove-recording';
import { removeRows } from './remove-rows';
import { sendMail } from './send-mail';
import { settleCutOffSends } from './settle-cut-off-sends';
import { stopRuns } from './stop-runs';
import { syncCalendar } from './sync-calendar';
import { transcribe } from './transcribe';
import { typed } from './typed-failure';

const VERBS = {
  planWork,
  heedCancel,
  probe,
  transcribe,
  diarize,
  assemble,
  extract,
  handOver,
  recordOutcome,
  planTask,
  deliver,
  sendMail,
  syncCalendar,
  finishTask,
  removeAbandonedUploads,
  failVanishedRuns,
  settleCutOffSends,
  expireRecords,
  stopRuns,
  removeRows,
  removeRecording,
  awaitCalls,
  forgetMails,
  clearCalendars,
  deleteHistories,
  finishErasure,
};

type Verbs = typeof VERBS;
/** The activities by name: what the workflows call. */
export type Activities = {
  [Name in keyof Verbs]: Bound<Verbs[Name]>;
};
type Bound<Verb> = Verb extends (deps: ActivityDeps, ...input: infer Input) => infer Result
  ? (...input: Input) => Result
  : never;

/** Binds every activity to its dependencies and makes every failure a typed one. */
export function createActivities(deps: ActivityDeps): Activities {
  const bound = Object.entries(VERBS).map(([name, verb]) => [
    name,
    typed(deps.log, name, (...input: never[]) =>
      (verb as (deps: ActivityDeps, ...input: never[]) => Promise<unknown>)(deps, ...input),
    ),
  ]);
  return Object.fromEntries(bound) as Activities;
}
