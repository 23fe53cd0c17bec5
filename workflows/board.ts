/** What a run shows of itself: query `progress`, current details, search attributes. */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { STEPS, type MeetingStatus, type Step } from '../src/domain/meeting';
import type { Progress, StepState } from './messages';
import type { StepFailure } from './step-failure';

const keyword = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);
const STAGE = keyword('MeetingStage');
const MEETING = keyword('MeetingId');
const OWNER = keyword('MeetingOwner');
const FAILURE = keyword('FailureCode');

const MAX_NOTES = 5;

const MARKS: Record<StepState, string> = {
  pending: '·',
  running: '▶ running',
  done: '✓ done',
  failed: '✗ failed',
  skipped: '– not needed',
};

const WHAT_TO_DO =
  'To try again: signal `retranscribe` or `reextract` with {"requestId": "any new text"}, or call ' +
  '`POST /transcribe/…` or `POST /extract/…`. Everything saved before the failed step is kept.';

export class Board {
  private steps = new Map<Step, StepState>();
  private status: MeetingStatus = 'queued';
  private requestId: string | null = null;
  private failure: StepFailure | null = null;

  private readonly notes: string[] = [];

  constructor(private readonly meetingId: string) {
    this.reset('queued', null);
  }

  /** Makes the run findable by whose meeting it is, however it was started. */
  identify(ownerId: string): void {
    upsertSearchAttributes([
      { key: MEETING, value: this.meetingId },
      { key: OWNER, value: ownerId },
      { key: STAGE, value: this.status },
    ]);
  }

  /** A new request begins; `skipped` are the steps that it does not need. */
  begin(requestId: string, skipped: readonly Step[]): void {
    this.reset(this.status, requestId);
    for (const step of skipped) this.steps.set(step, 'skipped');
    this.failure = null;
  }

  enter(step: Step, status: MeetingStatus): void {
    this.steps.set(step, 'running');
    this.show(status);
  }

  leave(step: Step): void {
    this.steps.set(step, 'done');
  }

  /** The step failed for good; `status` is what the meeting is now (a failed re-run leaves it `ready`). */
  fail(failure: StepFailure, status: MeetingStatus): void {
    this.steps.set(failure.step, 'failed');
    this.failure = failure;
    this.show(status);
  }

  /** The meeting rests in `status`. */
  show(status: MeetingStatus): void {
    this.status = status;
    upsertSearchAttributes([
      { key: STAGE, value: status },
      { key: FAILURE, value: this.failure?.code ?? null },
    ]);
    this.refresh();
  }

  /** Says something that an operator should know and that fails nothing; the last few are shown. */
  note(text: string): void {
    this.notes.push(text);
    this.notes.splice(0, this.notes.length - MAX_NOTES);
    this.refresh();
  }

  progress(): Progress {
    const { meetingId, status, requestId, failure, notes } = this;
    const steps = STEPS.map((name) => ({ name, state: this.steps.get(name) ?? 'pending' }));
    return { meetingId, status, requestId, steps, failure, notes: [...notes] };
  }

  private refresh(): void {
    setCurrentDetails(this.details());
  }

  private reset(status: MeetingStatus, requestId: string | null): void {
    this.status = status;
    this.requestId = requestId;
    this.steps = new Map(STEPS.map((step) => [step, 'pending']));
  }

  private details(): string {
    const rows = STEPS.map((step) => `| ${step} | ${MARKS[this.steps.get(step) ?? 'pending']} |`);
    const table = [`**${this.status}**`, '', '| step | state |', '| --- | --- |', ...rows];
    const failure = this.failure
      ? ['', `**${this.failure.code}**: ${this.failure.message}`, '', WHAT_TO_DO]
      : [];
    const notes = this.notes.length > 0 ? ['', ...this.notes.map((note) => `- ${note}`)] : [];
    return [...table, ...failure, ...notes].join('\n');
  }
}
