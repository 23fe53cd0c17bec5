import { Delivery } from '../src/models/delivery';
import { Extraction } from '../src/models/extraction';
import { MeetingEvent } from '../src/models/meeting-event';
import { Task } from '../src/models/task';
import { TranscriptSegment } from '../src/models/transcript';
import { ProviderError } from '../src/provider-error';
import { signalPipeline } from '../src/temporal/runs';
import { readHistory } from '../test/support/history';
import { MeetingDriver } from '../test/support/meeting-driver';
import { startTestPipeline, type TestPipeline } from '../test/support/pipeline';
import { eventually } from '../test/support/poll';
import { SAMPLE_LINES } from '../test/support/sample';
import { ScriptedSpeech } from '../test/support/scripted-speech';
import { pipelineId } from './messages';

const speech = new ScriptedSpeech(SAMPLE_LINES);
let pipeline: TestPipeline;
let driver: MeetingDriver;

beforeAll(async () => {
  pipeline = await startTestPipeline({ speech, diarizer: null });
  driver = new MeetingDriver(pipeline);
}, 120_000);
afterAll(() => pipeline.close());
beforeEach(() => {
  speech.calls.length = 0;
  speech.breaks = [];
  speech.hold = null;
});

describe('a ready transcript', () => {
  it('becomes tasks with owners and dates, one mail and one calendar entry each, without speech-to-text', async () => {
    const meeting = await driver.startedFromTranscript(SAMPLE_LINES);
    await driver.becomes(meeting, 'ready');
    const tasks = await driver.tasksOf(meeting).withGraphFetched('owner');
    const owned = tasks.map(({ owner, deadlineDate }) => [owner?.name, deadlineDate]);
    expect(owned).toEqual(
      expect.arrayContaining([
        ['Ben', '2025-10-17'],
        ['Ben', '2025-10-20'],
        ['Carol', '2025-10-22'],
        ['Anna', '2025-10-15'],
      ]),
    );
    await eventually(async () => {
      const sent = await Delivery.query(driver.db)
        .whereIn(
          'task_id',
          tasks.map(({ id }) => id),
        )
        .where({ state: 'sent' });
      expect(sent).toHaveLength(2 * tasks.length);
    });
    for (const task of tasks) {
      expect(pipeline.outbox().filter((mail) => mail.includes(`X-Task-Id: ${task.id}`))).toHaveLength(1);
      expect(pipeline.calendars()[task.ownerId ?? '']).toContain(`SUMMARY:${task.name}`);
    }
    expect(speech.calls).toEqual([]);
  });

  it('leaves neither a sentence nor an address in workflow history, and little of it', async () => {
    const meeting = await driver.startedFromTranscript(SAMPLE_LINES);
    await driver.becomes(meeting, 'ready');
    const history = await readHistory(driver.client, pipelineId(meeting.id));
    expect(history.text).toContain(meeting.id);
    for (const line of SAMPLE_LINES) expect(history.text).not.toContain(line.slice(line.indexOf(':') + 2));
    expect(history.text).not.toMatch(/payment|launch|@example\.com|Weekly planning/);
    expect(history.events).toBeLessThanOrEqual(150);
    expect(history.bytes).toBeLessThanOrEqual(100 * 1024);
  });

  it('is ready with nothing found when nobody agreed on anything', async () => {
    const meeting = await driver.startedFromTranscript([
      'Anna: Nice weather today.',
      'Ben: It is, is it not.',
    ]);
    await driver.becomes(meeting, 'ready');
    const [extraction] = await Extraction.query(driver.db).where({ meetingId: meeting.id });
    expect(extraction).toMatchObject({ version: 1, counts: { actionItems: 0, decisions: 0, questions: 0 } });
  });

  it('tells the whole story in events without a gap', async () => {
    const meeting = await driver.startedFromTranscript(SAMPLE_LINES);
    await driver.becomes(meeting, 'ready');
    const events = await MeetingEvent.query(driver.db).where({ meetingId: meeting.id }).orderBy('seq');
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    const statuses = events.filter(({ type }) => type === 'status').map(({ data }) => data.status);
    expect(statuses).toEqual(['extracting', 'notifying', 'ready']);
  });
});

describe('a recording', () => {
  it('goes on after a broken attempt without hearing again what was saved', async () => {
    const error = new ProviderError('engine-busy', 'The engine is busy.', {
      retryable: true,
      retryAfterMs: 1,
    });
    speech.breaks = [{ afterSegments: 3, error }];
    const meeting = await driver.startedFromRecording();
    await driver.becomes(meeting, 'ready');
    expect(speech.calls[0]).toBe(0);
    expect(speech.calls[1]).toBeGreaterThan(0);
    const { transcriptId } = await driver.load(meeting.id);
    const segments = await TranscriptSegment.query(driver.db)
      .where('transcript_id', transcriptId)
      .orderBy('ordinal');
    expect(segments.map(({ speaker, text }) => `${speaker}: ${text}`)).toEqual(SAMPLE_LINES);
  });

  it('is failed at transcribe, says what to set, and goes on when asked again', async () => {
    const error = new ProviderError('speech-engine-missing', 'Set WHISPER_MODEL.', { retryable: false });
    speech.breaks = [{ afterSegments: 0, error }];
    const meeting = await driver.startedFromRecording();
    const failed = await driver.becomes(meeting, 'failed');
    expect(failed.failure).toMatchObject({
      step: 'transcribe',
      code: error.code,
      message: 'Set WHISPER_MODEL.',
    });
    expect(speech.calls).toHaveLength(1);
    await driver.ask(meeting, 'transcribe');
    expect((await driver.becomes(meeting, 'ready')).failure).toBeNull();
  });

  it('that cannot be decoded is failed at probe', async () => {
    const meeting = await driver.startedFromRecording(Buffer.from('ID3 but not a sound in it'));
    expect((await driver.becomes(meeting, 'failed')).failure).toMatchObject({
      step: 'probe',
      retryable: false,
    });
  });

  it('stops when it is cancelled, and can be asked for again', async () => {
    let letGo = () => {};
    speech.hold = new Promise((resolve) => (letGo = resolve));
    const meeting = await driver.startedFromRecording();
    await eventually(() => speech.calls.length === 1, { deadlineMs: 20_000 });
    await driver.ask(meeting, 'cancel');
    await driver.becomes(meeting, 'cancelled');
    speech.hold = null;
    letGo();
    await driver.ask(meeting, 'transcribe');
    await driver.becomes(meeting, 'ready');
  }, 60_000);
});

describe('asking again', () => {
  it('makes a new version and keeps what a person edited, finished or deleted', async () => {
    const meeting = await driver.startedFromTranscript(SAMPLE_LINES);
    await driver.becomes(meeting, 'ready');
    const [edited, done, deleted] = await driver.tasksOf(meeting);
    await Task.query(driver.db)
      .findById(edited!.id)
      .patch({ category: 'mine', editedFields: ['category'] });
    await Task.query(driver.db)
      .findById(done!.id)
      .patch({ status: 'done', editedFields: ['status'] });
    await Task.query(driver.db).findById(deleted!.id).patch({ deletedAt: new Date() });
    const before = await driver.tasksOf(meeting);
    await driver.isDone(meeting, await driver.ask(meeting, 'extract'));
    const after = await driver.tasksOf(meeting);
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(after[0]).toMatchObject({ category: 'mine' });
    expect(after[1]).toMatchObject({ status: 'done' });
    expect(after[2]!.deletedAt).not.toBeNull();
    expect(await Extraction.query(driver.db).where({ meetingId: meeting.id }).resultSize()).toBe(2);
  });

  it('twice with one id does one thing; with other wishes, each', async () => {
    const meeting = await driver.startedFromTranscript(SAMPLE_LINES);
    await driver.becomes(meeting, 'ready');
    const requestId = await driver.ask(meeting, 'extract', 'the budget');
    await signalPipeline(driver.client, await driver.load(meeting.id), { kind: 'extract', requestId });
    const other = await driver.ask(meeting, 'extract', 'the launch');
    await driver.isDone(meeting, requestId);
    await driver.isDone(meeting, other);
    const extractions = await Extraction.query(driver.db).where({ meetingId: meeting.id }).orderBy('version');
    expect(extractions.map(({ instructions }) => instructions)).toEqual([null, 'the budget', 'the launch']);
  });

  it('five times keeps every run small and loses no request', async () => {
    const meeting = await driver.startedFromTranscript(SAMPLE_LINES);
    await driver.becomes(meeting, 'ready');
    for (let time = 0; time < 5; time++)
      await driver.isDone(meeting, await driver.ask(meeting, 'extract', `wish ${time}`));
    expect(await Extraction.query(driver.db).where({ meetingId: meeting.id }).resultSize()).toBe(6);
    const runs = driver.client.workflow.list({ query: `WorkflowId = "${pipelineId(meeting.id)}"` });
    for await (const { runId } of runs) {
      const history = await readHistory(driver.client, pipelineId(meeting.id), runId);
      expect(history.events).toBeLessThanOrEqual(150);
    }
  }, 60_000);
});
