/** What an operator reads on a run's page, as Markdown: what is the matter, what to do, then every step. */
import type { MeetingStatus, Step } from '../src/domain/meeting';
import { remedyFor } from '../src/domain/remedies';
import { REEXTRACT, RETRANSCRIBE, type StepState } from './messages';

export interface Shown {
  meetingId: string;
  status: MeetingStatus;
  steps: { name: Step; state: StepState; attempt: number }[];
  failure: { step: Step; code: string; message: string } | null;
  notes: string[];
}

const MARKS: Record<StepState, string> = {
  pending: '· waits',
  running: '▶ running',
  done: '✓ done',
  failed: '✗ failed',
  skipped: '– not needed',
};

/** The Web UI draws tables without any space between columns. */
const GAP = '\u00a0\u00a0';

const RESTING: MeetingStatus[] = ['ready', 'failed', 'cancelled'];

/** The server takes 400 bytes of a summary. */
const MAX_SUMMARY_LENGTH = 200;

export function detailsOf(shown: Shown): string {
  const { notes, failure, status } = shown;
  const parts = [
    `## ${headline(shown)}`,
    ...(failure ? whatToDo(shown.meetingId, failure) : []),
    table(shown),
    ...(RESTING.includes(status) ? [] : [whereToLook()]),
    ...(notes.length > 0 ? [notes.map((note) => `- ${note}`).join('\n')] : []),
  ];
  return parts.join('\n\n');
}

/** The same in one line, for the timeline: an open run has no failure of its own there. */
export function summaryOf({ failure, status }: Shown): string {
  if (!failure) return `${status}; open for another request`;
  return `${headline({ failure, status })}. ${failure.message}`.slice(0, MAX_SUMMARY_LENGTH);
}

function headline({ status, failure }: Pick<Shown, 'status' | 'failure'>): string {
  if (!failure) return status;
  const where = `at ${failure.step}: ${failure.code}`;
  if (status === 'failed') return `FAILED ${where}`;
  return `${status}; the last request FAILED ${where}`;
}

function whatToDo(meetingId: string, { step, code, message }: NonNullable<Shown['failure']>): string[] {
  const hear = step === 'probe' || step === 'transcribe';
  const [signal, route] = hear ? [RETRANSCRIBE, 'transcribe'] : [REEXTRACT, 'extract'];
  const again = `\`POST /${route}/${meetingId}\`, or send the signal \`${signal}\` with \`{"requestId": "any new text"}\``;
  return [
    message,
    `**What to do:** ${remedyFor(code)}`,
    `**To try again:** ${again}. Everything saved before the failed step is kept.`,
  ];
}

function table({ steps }: Shown): string {
  const rows = steps.map(
    ({ name, state, attempt }) => `| ${name} | ${GAP}${MARKS[state]} | ${GAP}${attempt > 0 ? attempt : ''} |`,
  );
  return ['| step | state | attempts |', '| --- | --- | --- |', ...rows].join('\n');
}

/** Workflow code is not told of attempts that fail: the server is. */
const whereToLook = (): string =>
  'Is it slow? **Pending Activities** shows which attempt it is, why the last one failed, when the next one begins ' +
  'and how far it is. **Reset** there tries again at once.';
