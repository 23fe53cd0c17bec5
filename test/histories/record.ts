/**
 * `npm run histories`: drives every path of every workflow on a real Temporal and writes what happened to
 * `workflows/histories`, for `workflows/replay.test.ts`. Run it when workflows have changed for good; see CONTRIBUTING.
 */
import { randomUUID } from 'node:crypto';
import type { Meeting } from '../../src/models/meeting';
import { ProviderError } from '../../src/provider-error';
import { erasureId, JANITOR, pipelineId, taskSyncId } from '../../workflows/messages';
import { Erasing } from '../support/erasing';
import { MeetingDriver } from '../support/meeting-driver';
import { startTestPipeline, type TestPipeline } from '../support/pipeline';
import { eventually } from '../support/poll';
import { refuseStatus } from '../support/refusal';
import { SAMPLE_LINES } from '../support/sample';
import { ScriptedSpeech } from '../support/scripted-speech';
import { MoodyMailer } from '../support/task-driver';
import { record, removeAll } from './recorded';
import { tasksOf } from './tasks';

const TWO_MINUTES = 120_000;

const speech = new ScriptedSpeech(SAMPLE_LINES);
const mailer = new MoodyMailer();
let pipeline: TestPipeline;
let driver: MeetingDriver;
const open = (reextractionWindowMs: number) => async () => {
  pipeline = await startTestPipeline({ reextractionWindowMs, speech, mailer, diarizer: null });
  driver = new MeetingDriver(pipeline);
};
const close = () => pipeline.close();

const run = ({ id }: Meeting) => driver.client.workflow.getHandle(pipelineId(id));
const save = (name: string, workflowId: string) => record(driver.client, name, workflowId);
const saveMeeting = (name: string, { id }: Meeting) => save(name, pipelineId(id));
const again = async (meeting: Meeting, instructions: string) =>
  driver.isDone(meeting, await driver.ask(meeting, 'extract', instructions));

async function ready(): Promise<Meeting> {
  const meeting = await driver.uploadedTranscript(SAMPLE_LINES);
  await driver.becomes(meeting, 'ready');
  return meeting;
}

/** Holds the engine after its first segment until what `meanwhile` does has come to an end. */
async function whileListening(meanwhile: (meeting: Meeting) => Promise<unknown>): Promise<Meeting> {
  let letGo = () => {};
  speech.calls.length = 0;
  speech.hold = new Promise((resolve) => (letGo = resolve));
  const meeting = await driver.startedFromRecording();
  await eventually(() => speech.calls.length === 1, { deadlineMs: TWO_MINUTES });
  await meanwhile(meeting);
  speech.hold = null;
  letGo();
  return meeting;
}

beforeAll(removeAll);
afterAll(() => {
  console.log(`Recorded. Now:
  1. npx jest workflows/replay      every history replays with the workflows as they are
  2. git diff --stat workflows/histories      commit them with the change that made them
Runs that began before your change replay the OLD histories: when one of those failed before you recorded,
guard the change with patched() first (CONTRIBUTING.md, "Changing a workflow").`);
});

describe('while runs stay open', () => {
  beforeAll(open(600_000), TWO_MINUTES);
  afterAll(close);

  it('an uploaded transcript', async () => saveMeeting('transcript', await ready()), TWO_MINUTES);

  it(
    'tasks that could not be handed over at once',
    async () => {
      const allow = await refuseStatus(driver.db, 'ready');
      const meeting = await driver.uploadedTranscript(SAMPLE_LINES);
      await eventually(async () => (await driver.pendingActivity(meeting))?.name === 'handOver');
      await allow();
      await driver.becomes(meeting, 'ready');
      await saveMeeting('handed-over-late', meeting);
    },
    TWO_MINUTES,
  );

  it(
    'a recording',
    async () => {
      const meeting = await driver.startedFromRecording();
      await driver.becomes(meeting, 'ready');
      await saveMeeting('recording', meeting);
    },
    TWO_MINUTES,
  );

  it(
    'failed, asked again',
    async () => {
      const error = new ProviderError('speech-engine-missing', 'Set WHISPER_MODEL.', { retryable: false });
      speech.breaks = [{ afterSegments: 0, error }];
      const meeting = await driver.startedFromRecording();
      await driver.becomes(meeting, 'failed');
      await driver.ask(meeting, 'transcribe');
      await driver.becomes(meeting, 'ready');
      await saveMeeting('failed-and-retried', meeting);
    },
    TWO_MINUTES,
  );

  it(
    'extracted twice more',
    async () => {
      const meeting = await ready();
      await again(meeting, 'first');
      await again(meeting, 'second');
      await saveMeeting('extracted-again', meeting);
    },
    TWO_MINUTES,
  );

  it(
    'so often that it goes on as new',
    async () => {
      const meeting = await ready();
      for (let time = 0; time < 8; time++) await again(meeting, `wish ${time}`);
      await saveMeeting('gone-on-as-new', meeting);
    },
    TWO_MINUTES,
  );

  it(
    'signals that ask nothing, until it goes on as new',
    async () => {
      const meeting = await ready();
      for (let time = 0; time < 40; time++) await driver.signalByHand(meeting, 'reextract', time);
      await driver.signalByHand(meeting, 'cancel', { requestId: 'by hand' });
      await driver.isDone(meeting, 'by hand');
      await saveMeeting('shrugged-off', meeting);
    },
    TWO_MINUTES,
  );

  it(
    'cancelled by a signal',
    async () => {
      const meeting = await whileListening(async (listening) => {
        await driver.ask(listening, 'cancel');
        await driver.becomes(listening, 'cancelled');
      });
      await saveMeeting('cancelled', meeting);
    },
    TWO_MINUTES,
  );

  it(
    'cancelled as a workflow',
    async () => {
      const meeting = await whileListening(async (listening) => {
        await run(listening).cancel();
        await expect(run(listening).result()).rejects.toThrow();
      });
      await saveMeeting('run-cancelled', meeting);
    },
    TWO_MINUTES,
  );

  it(
    'tasks',
    async () => {
      for (const [name, task] of Object.entries(await tasksOf(pipeline, mailer))) {
        await save(name, taskSyncId(task.id));
      }
    },
    TWO_MINUTES,
  );

  it(
    'the janitor',
    async () => {
      const workflowId = `janitor-${randomUUID()}`;
      await driver.client.workflow.execute(JANITOR, { workflowId, taskQueue: 'meetings' });
      await save('janitor', workflowId);
    },
    TWO_MINUTES,
  );
});

describe('when runs close with their work', () => {
  beforeAll(open(0), TWO_MINUTES);
  afterAll(close);

  it(
    'closed and woken',
    async () => {
      const meeting = await ready();
      await run(meeting).result();
      await again(meeting, 'later');
      await saveMeeting('closed-and-woken', meeting);
    },
    TWO_MINUTES,
  );

  it(
    'failed to its end',
    async () => {
      const meeting = await driver.startedFromRecording(Buffer.from('ID3 but not a sound in it'));
      await expect(run(meeting).result()).rejects.toThrow();
      await saveMeeting('ended-failed', meeting);
    },
    TWO_MINUTES,
  );

  it(
    'of a meeting that is not there',
    async () => {
      const meeting = { id: randomUUID() } as Meeting;
      await driver.signalByHand(meeting, 'reextract', { requestId: 'by hand' });
      await expect(run(meeting).result()).rejects.toThrow();
      await saveMeeting('meeting-gone', meeting);
    },
    TWO_MINUTES,
  );
});

describe('when a meeting is deleted', () => {
  let erasing: Erasing;
  beforeAll(async () => (erasing = await Erasing.open()), TWO_MINUTES);
  afterAll(() => erasing.close());

  it(
    'the erasure',
    async () => {
      const meeting = await erasing.settled();
      const { client } = erasing.driver;
      await erasing.isDone(await erasing.delete(meeting));
      await client.workflow.getHandle(erasureId(meeting.id)).result();
      await record(client, 'erasure', erasureId(meeting.id));
    },
    TWO_MINUTES,
  );
});
