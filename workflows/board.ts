/** What a run shows of itself: query `progress`, current details, search attributes. */
import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { Plan, Work } from '../activities/plan-work';
import { STEPS, type MeetingStatus, type Step } from '../src/domain/meeting';
import { FAILURE_CODE, MEETING_ID, MEETING_OWNER, MEETING_STAGE } from '../src/temporal/search-attributes';
import { detailsOf, summaryOf, type Shown } from './details';
import type { Progress } from './messages';
import type { StepFailure } from './step-failure';

const MAX_NOTES = 5;

/** A request for an extraction leaves these as they are. */
const BEFORE_EXTRACTION: readonly Step[] = ['probe', 'transcribe'];

export class Board {
  private steps: Shown['steps'] = STEPS.map((name) => ({ name, state: 'pending', attempt: 0 }));
  private status: MeetingStatus = 'queued';
  private requestId: string | null = null;
  /** What the meeting shows: it stays until the next success, whatever run that is in. */
  private failure: Shown['failure'] = null;
  private ownerId: string | null = null;
  private readonly notes: string[] = [];

  constructor(private readonly meetingId: string) {}

  /** Takes over what Postgres says, from before this run as well: runs are started by anybody, with no input. */
  know({ ownerId, status, failure, steps }: Plan): void {
    Object.assign(this, { ownerId, status, failure, steps });
  }

  /** A new request begins; what it does not need stays as it is. */
  begin({ requestId, kind }: Work): void {
    this.requestId = requestId;
    const kept = kind === 'extract' ? BEFORE_EXTRACTION : [];
    this.steps = this.steps.map((step) =>
      kept.includes(step.name) ? step : { name: step.name, state: 'pending', attempt: 0 },
    );
  }

  enter(step: Step, status: MeetingStatus): void {
    this.mark(step, 'running');
    this.show(status);
  }

  leave(step: Step): void {
    this.mark(step, 'done');
  }

  /** The step failed for good; `status` is what the meeting is now (a failed re-run leaves it `ready`). */
  fail({ step, code, message }: StepFailure, status: MeetingStatus): void {
    this.mark(step, 'failed');
    this.failure = { step, code, message };
    this.show(status);
  }

  /** The meeting is in `status`. */
  show(status: MeetingStatus): void {
    this.status = status;
    this.publish();
    this.refresh();
  }

  /** Says something that an operator should know and that fails nothing; the last few are shown. */
  note(text: string): void {
    this.notes.push(text);
    this.notes.splice(0, this.notes.length - MAX_NOTES);
    this.refresh();
  }

  /** One line for the timeline. */
  get summary(): string {
    return summaryOf(this.shown);
  }

  progress(): Progress {
    const { requestId, shown } = this;
    return { ...shown, requestId, steps: shown.steps.map(({ name, state }) => ({ name, state })) };
  }

  private get shown(): Shown {
    const { meetingId, status, steps, failure, notes } = this;
    return { meetingId, status, steps, failure, notes: [...notes] };
  }

  private mark(name: Step, state: Shown['steps'][number]['state']): void {
    this.steps = this.steps.map((step) => (step.name === name ? { ...step, state } : step));
  }

  /** Only what differs from what the run was started with or said last: each update is an event of its history. */
  private publish(): void {
    const known = workflowInfo().typedSearchAttributes;
    const wanted = [
      { key: MEETING_STAGE, value: this.status },
      { key: MEETING_ID, value: this.meetingId },
      { key: MEETING_OWNER, value: this.ownerId },
      { key: FAILURE_CODE, value: this.failure?.code ?? null },
    ];
    const news = wanted.filter(({ key, value }) => (known.get(key) ?? null) !== value);
    if (news.length > 0) upsertSearchAttributes(news);
  }

  private refresh(): void {
    setCurrentDetails(detailsOf(this.shown));
  }
}
