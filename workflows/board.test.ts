/** What an operator reads in the Temporal Web UI: current details and search attributes of real runs. */
import { remedyFor } from '../src/domain/remedies';
import type { Meeting } from '../src/models/meeting';
import { ProviderError } from '../src/provider-error';
import { insertMeeting } from '../test/support/meetings';
import { MeetingDriver } from '../test/support/meeting-driver';
import { startTestPipeline, type TestPipeline } from '../test/support/pipeline';
import { eventually } from '../test/support/poll';
import { SAMPLE_LINES } from '../test/support/sample';
import { ScriptedSpeech } from '../test/support/scripted-speech';
import { pipelineId, PROGRESS, type Progress } from './messages';

const speech = new ScriptedSpeech(SAMPLE_LINES);
let voices: () => Promise<[]> = async () => [];
let pipeline: TestPipeline;
let driver: MeetingDriver;

beforeAll(async () => {
  const diarizer = { provider: 'scripted', diarize: () => voices() };
  pipeline = await startTestPipeline({ speech, diarizer });
  driver = new MeetingDriver(pipeline);
}, 120_000);
afterAll(() => pipeline.close());
beforeEach(() => {
  speech.calls.length = 0;
  speech.breaks = [];
  speech.hold = null;
  voices = async () => [];
});

interface Metadata {
  currentDetails: string;
  definition: { signalDefinitions: { name: string; description: string }[] };
}

const runOf = (meeting: Meeting) => driver.client.workflow.getHandle(pipelineId(meeting.id));
const metadata = (meeting: Meeting) => runOf(meeting).query<Metadata>('__temporal_workflow_metadata');
const progress = (meeting: Meeting) => runOf(meeting).query<Progress>(PROGRESS);
const attributes = async (meeting: Meeting) => (await runOf(meeting).describe()).searchAttributes;

/** Until the run shows it: the meeting's row is a step ahead. */
const shows = (meeting: Meeting, details: string) =>
  eventually(async () => expect((await metadata(meeting)).currentDetails).toContain(details), {
    deadlineMs: 60_000,
  });

/** Until the server lists it so; `undefined` = the run has no such attribute. */
const isListedAs = (meeting: Meeting, MeetingStage: string, FailureCode?: string) =>
  eventually(
    async () => {
      const found = await attributes(meeting);
      expect([found['MeetingStage'], found['FailureCode']]).toEqual([
        [MeetingStage],
        FailureCode && [FailureCode],
      ]);
      expect(found).toMatchObject({ MeetingId: [meeting.id], MeetingOwner: [meeting.ownerId] });
    },
    { deadlineMs: 60_000 },
  );

const GAP = '\u00a0\u00a0';

type Cell = string | [string, number];

const DONE: Cell[] = [
  ['✓ done', 1],
  ['✓ done', 1],
  ['✓ done', 1],
  ['✓ done', 1],
];

const table = (cells: Cell[]) => {
  const rows = ['probe', 'transcribe', 'extract', 'notify'].map((step, i) => {
    const [state, attempts = ''] = [cells[i]].flat();
    return `| ${step} | ${GAP}${state} | ${GAP}${attempts} |`;
  });
  return ['| step | state | attempts |', '| --- | --- | --- |', ...rows].join('\n');
};

const refused = () => new ProviderError('speech-key-refused', 'Unknown key.', { retryable: false });
const away = () => new ProviderError('speech-unavailable', 'Away.', { retryable: true, retryAfterMs: 1 });

it('shows a finished recording as done, step by step, with the attempts it took', async () => {
  speech.breaks = [{ afterSegments: 0, error: away() }];
  const meeting = await driver.startedFromRecording();
  await driver.becomes(meeting, 'ready');
  await shows(meeting, `## ready\n\n${table([DONE[0]!, ['✓ done', 2], DONE[2]!, DONE[3]!])}`);
  await isListedAs(meeting, 'ready');
}, 90_000);

it('shows what a ready transcript does not need', async () => {
  const meeting = await driver.startedFromTranscript(SAMPLE_LINES);
  await driver.becomes(meeting, 'ready');
  await shows(meeting, table(['– not needed', '– not needed', DONE[2]!, DONE[3]!]));
}, 90_000);

it('shows which step runs and where its attempts are told, and that nothing runs after a cancellation', async () => {
  let letGo = () => {};
  speech.hold = new Promise((resolve) => (letGo = resolve));
  const meeting = await driver.startedFromRecording();
  await shows(meeting, `## transcribing\n\n${table(['✓ done', '▶ running', '· waits', '· waits'])}`);
  await shows(meeting, '**Pending Activities** shows which attempt it is');
  await isListedAs(meeting, 'transcribing');
  // The call is made: it takes nothing that the next test has put there.
  await eventually(() => speech.calls.length === 1, { deadlineMs: 20_000 });
  await driver.ask(meeting, 'cancel');
  await driver.becomes(meeting, 'cancelled');
  letGo();
  await shows(meeting, '## cancelled');
  await isListedAs(meeting, 'cancelled');
}, 120_000);

it('says what failed, why, and what to do about this code; and forgets it when it is done after all', async () => {
  speech.breaks = [{ afterSegments: 0, error: refused() }];
  const meeting = await driver.startedFromRecording();
  await driver.becomes(meeting, 'failed');
  await shows(
    meeting,
    [
      '## FAILED at transcribe: speech-key-refused',
      'Unknown key.',
      `**What to do:** ${remedyFor('speech-key-refused')}`,
      `**To try again:** \`POST /transcribe/${meeting.id}\`, or send the signal \`retranscribe\` with ` +
        '`{"requestId": "any new text"}`. Everything saved before the failed step is kept.',
      table([DONE[0]!, ['✗ failed', 1], '· waits', '· waits']),
    ].join('\n\n'),
  );
  await isListedAs(meeting, 'failed', 'speech-key-refused');
  await driver.ask(meeting, 'transcribe');
  await driver.becomes(meeting, 'ready');
  await shows(meeting, `## ready\n\n${table(DONE)}`);
  await isListedAs(meeting, 'ready');
}, 120_000);

it('says it on the timeline too: on the activity that wrote it down and on the wait that follows', async () => {
  speech.breaks = [{ afterSegments: 0, error: refused() }];
  const meeting = await driver.startedFromRecording();
  await isListedAs(meeting, 'failed', 'speech-key-refused');
  const summaries = await eventually(async () => {
    const { events } = await runOf(meeting).fetchHistory();
    const said = (events ?? []).flatMap(({ userMetadata }) => {
      const data = userMetadata?.summary?.data;
      return data ? [JSON.parse(Buffer.from(data).toString()) as string] : [];
    });
    expect(said.at(-1)).toBe('FAILED at transcribe: speech-key-refused. Unknown key.');
    return said;
  });
  expect(summaries).toContain('transcribe failed: speech-key-refused');
  expect(summaries).toContain('speech to text: 77 s, pieces: 1');
}, 90_000);

it('a failed re-run of a ready meeting leaves it ready and listed with its code, through a cancellation, until the next success', async () => {
  const meeting = await driver.startedFromRecording();
  await driver.becomes(meeting, 'ready');
  speech.breaks = [{ afterSegments: 0, error: refused() }];
  await driver.ask(meeting, 'transcribe');
  await shows(meeting, '## ready; the last request FAILED at transcribe: speech-key-refused');
  await isListedAs(meeting, 'ready', 'speech-key-refused');
  let letGo = () => {};
  speech.hold = new Promise((resolve) => (letGo = resolve));
  await driver.ask(meeting, 'transcribe');
  await isListedAs(meeting, 'transcribing', 'speech-key-refused');
  await eventually(() => speech.calls.length === 3, { deadlineMs: 20_000 });
  await driver.ask(meeting, 'cancel');
  await isListedAs(meeting, 'ready', 'speech-key-refused');
  letGo();
  speech.hold = null;
  await driver.ask(meeting, 'transcribe');
  await isListedAs(meeting, 'ready');
}, 180_000);

it('a run that was cancelled or ended from outside and woken by hand shows the meeting as it is', async () => {
  speech.breaks = [{ afterSegments: 0, error: refused() }];
  const meeting = await driver.startedFromRecording();
  await isListedAs(meeting, 'failed', 'speech-key-refused');
  await runOf(meeting).cancel();
  await eventually(async () => expect((await runOf(meeting).describe()).status.name).toBe('CANCELLED'));
  await isListedAs(meeting, 'failed', 'speech-key-refused');
  await driver.signalByHand(meeting, 'cancel', { requestId: 'by hand' });
  await isListedAs(meeting, 'failed', 'speech-key-refused');
  await shows(meeting, table([DONE[0]!, ['✗ failed', 1], '· waits', '· waits']));
  await runOf(meeting).terminate();
  await driver.signalByHand(meeting, 'retranscribe', { requestId: 'again' });
  await isListedAs(meeting, 'ready');
}, 180_000);

it('says that speakers were not told apart, which fails nothing', async () => {
  voices = () => Promise.reject(new ProviderError('voices-missing', 'Install them.', { retryable: false }));
  const meeting = await driver.startedFromRecording();
  await driver.becomes(meeting, 'ready');
  const note = 'speakers were not told apart (voices-missing): Install them.';
  await shows(meeting, `${table(DONE)}\n\n- ${note}`);
  expect((await progress(meeting)).notes).toEqual([note]);
}, 90_000);

it('tells how to signal it', async () => {
  const meeting = await insertMeeting(driver.db);
  await driver.signalByHand(meeting, 'cancel', { requestId: 'r' });
  const { definition } = await eventually(() => metadata(meeting));
  const described = Object.fromEntries(
    definition.signalDefinitions.map(({ name, description }) => [name, description]),
  );
  expect(described).toMatchObject({
    reextract: 'extract: {"requestId": "any new text"}',
    retranscribe: 'transcribe: {"requestId": "any new text"}',
    cancel: 'cancel: {"requestId": "any new text"}',
  });
});
