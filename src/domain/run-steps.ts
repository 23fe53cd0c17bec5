/** How far a meeting's steps are, kept beside its status and written with it. Instants are RFC 3339. */
import { STEPS, type Failure, type MeetingStatus, type Step } from './meeting';

export type Ending = 'done' | 'failed' | 'cancelled';

export interface StepRecord {
  /** Of the activity's attempts the last that began, from 1. */
  attempt: number;
  startedAt: string;
  finishedAt: string | null;
  /** null = it has not ended. */
  ending: Ending | null;
}

export type StepRecords = Partial<Record<Step, StepRecord>>;

/** What the records come to, one for each step. */
export interface StepView {
  name: Step;
  state: 'pending' | 'running' | 'done' | 'failed' | 'skipped';
  /** 0 = none was needed, or none has begun. */
  attempt: number;
  startedAt: string | null;
  finishedAt: string | null;
  error: { code: string; message: string } | null;
}

const STEP_OF: Partial<Record<MeetingStatus, Step>> = {
  probing: 'probe',
  transcribing: 'transcribe',
  extracting: 'extract',
  notifying: 'notify',
};

/** The step that a status means; null when nothing runs. */
export const stepOf = (status: MeetingStatus): Step | null => STEP_OF[status] ?? null;

const CANCELLED = { code: 'cancelled', message: 'Stopped because somebody asked for it.' };

interface Moment {
  attempt: number;
  at: string;
  /** How the step that ran ends when the meeting rests. */
  ending: Ending;
}

/** The records once the meeting has this status; the same object when nothing changes. */
export function recordSteps(
  records: StepRecords,
  status: MeetingStatus,
  { attempt, at, ending }: Moment,
): StepRecords {
  const step = stepOf(status);
  if (!step) return close(records, at, ending);
  const known = records[step];
  const repeated = known?.ending === null && attempt >= known.attempt;
  if (known && repeated && attempt === known.attempt) return records;
  const startedAt = known && repeated ? known.startedAt : at;
  return {
    ...close(firstOf(records, STEPS.indexOf(step)), at, 'done'),
    [step]: { attempt, startedAt, finishedAt: null, ending: null },
  };
}

/** What a failure of this step leaves: one behind it was announced, and did not come to pass. */
export const upTo = (records: StepRecords, step: Step): StepRecords =>
  firstOf(records, STEPS.indexOf(step) + 1);

function firstOf(records: StepRecords, count: number): StepRecords {
  const known = STEPS.slice(0, count).flatMap((name) => {
    const record = records[name];
    return record ? [[name, record] as const] : [];
  });
  return Object.fromEntries(known);
}

function close(records: StepRecords, at: string, ending: Ending): StepRecords {
  const open = STEPS.find((step) => records[step]?.ending === null);
  const record = open && records[open];
  return record ? { ...records, [open]: { ...record, finishedAt: at, ending } } : records;
}

interface Progress {
  status: MeetingStatus;
  steps: StepRecords;
  failure: Failure | null;
  /** A ready transcript has nothing to probe and nothing to hear. */
  hasMedia: boolean;
}

/** Every step in order. What failed last is said where it failed, until the next success. */
export const viewSteps = (meeting: Progress): StepView[] => STEPS.map((step) => viewStep(step, meeting));

function viewStep(name: Step, { status, steps, failure, hasMedia }: Progress): StepView {
  const record = steps[name];
  const blank = { name, attempt: 0, startedAt: null, finishedAt: null, error: null };
  if (failure?.step === name && hasFailed(record, failure)) {
    const { code, message, at: finishedAt } = failure;
    return { ...blank, ...timesOf(record), finishedAt, state: 'failed', error: { code, message } };
  }
  if (record) return { ...blank, ...timesOf(record), ...endOf(record) };
  if (!hasMedia && (name === 'probe' || name === 'transcribe')) return { ...blank, state: 'skipped' };
  return { ...blank, state: status === 'ready' ? 'done' : 'pending' };
}

/** A failure from before this step began again is history. */
const hasFailed = (record: StepRecord | undefined, failure: Failure): boolean =>
  !record || (record.ending !== null && Date.parse(failure.at) >= Date.parse(record.startedAt));

const timesOf = (record: StepRecord | undefined) =>
  record && { attempt: record.attempt, startedAt: record.startedAt, finishedAt: record.finishedAt };

function endOf({ ending }: StepRecord): Pick<StepView, 'state' | 'error'> {
  if (ending === null) return { state: 'running', error: null };
  if (ending === 'cancelled') return { state: 'failed', error: CANCELLED };
  // A failure that is not the meeting's any more was followed by a success.
  return { state: 'done', error: null };
}
