/** What an operator reads in the Temporal Web UI: current details and search attributes of real runs. */
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
  eventually(async () => expect((await metadata(meeting)).currentDetails).toBe(details), {
    deadlineMs: 20_000,
  });

const table = (status: string, states: [string, string, string, string]) => {
  const rows = ['probe', 'transcribe', 'extract', 'notify'].map((step, i) => `| ${step} | ${states[i]} |`);
  return [`**${status}**`, '', '| step | state |', '| --- | --- |', ...rows].join('\n');
};

it('shows a finished recording as done, step by step', async () => {
  const meeting = await driver.startedFromRecording();
  await driver.becomes(meeting, 'ready');
  await shows(meeting, table('ready', ['✓ done', '✓ done', '✓ done', '✓ done']));
  expect(await attributes(meeting)).toMatchObject({
    MeetingStage: ['ready'],
    MeetingId: [meeting.id],
    MeetingOwner: [meeting.ownerId],
  });
  expect(await attributes(meeting)).not.toHaveProperty('FailureCode');
});

it('shows what a ready transcript does not need', async () => {
  const meeting = await driver.startedFromTranscript(SAMPLE_LINES);
  await driver.becomes(meeting, 'ready');
  await shows(meeting, table('ready', ['– not needed', '– not needed', '✓ done', '✓ done']));
});

it('shows which step runs, and that nothing does after a cancellation', async () => {
  let letGo = () => {};
  speech.hold = new Promise((resolve) => (letGo = resolve));
  const meeting = await driver.startedFromRecording();
  await shows(meeting, table('transcribing', ['✓ done', '▶ running', '·', '·']));
  expect(await attributes(meeting)).toMatchObject({ MeetingStage: ['transcribing'] });
  // The call is made: it takes nothing that the next test has put there.
  await eventually(() => speech.calls.length === 1, { deadlineMs: 20_000 });
  await driver.ask(meeting, 'cancel');
  await driver.becomes(meeting, 'cancelled');
  letGo();
  await eventually(async () => expect((await progress(meeting)).status).toBe('cancelled'));
  expect(await attributes(meeting)).toMatchObject({ MeetingStage: ['cancelled'] });
}, 60_000);

it('says what failed, why, and what to do; and forgets it when it is done after all', async () => {
  const error = new ProviderError('speech-engine-missing', 'Set WHISPER_MODEL.', { retryable: false });
  speech.breaks = [{ afterSegments: 0, error }];
  const meeting = await driver.startedFromRecording();
  await driver.becomes(meeting, 'failed');
  await eventually(async () => expect((await progress(meeting)).status).toBe('failed'));
  const { currentDetails } = await metadata(meeting);
  expect(currentDetails).toContain(table('failed', ['✓ done', '✗ failed', '·', '·']));
  expect(currentDetails).toContain('**speech-engine-missing**: Set WHISPER_MODEL.');
  expect(currentDetails).toMatch(
    /signal `retranscribe` .* Everything saved before the failed step is kept\./,
  );
  expect(await attributes(meeting)).toMatchObject({
    MeetingStage: ['failed'],
    FailureCode: ['speech-engine-missing'],
  });
  await driver.ask(meeting, 'transcribe');
  await driver.becomes(meeting, 'ready');
  await shows(meeting, table('ready', ['✓ done', '✓ done', '✓ done', '✓ done']));
  expect(await attributes(meeting)).not.toHaveProperty('FailureCode');
}, 60_000);

it('says that speakers were not told apart, which fails nothing', async () => {
  voices = () => Promise.reject(new ProviderError('voices-missing', 'Install them.', { retryable: false }));
  const meeting = await driver.startedFromRecording();
  await driver.becomes(meeting, 'ready');
  const note = 'speakers were not told apart (voices-missing): Install them.';
  await shows(meeting, `${table('ready', ['✓ done', '✓ done', '✓ done', '✓ done'])}\n\n- ${note}`);
  expect((await progress(meeting)).notes).toEqual([note]);
});

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
