import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Delivery } from '../src/models/delivery';
import { Extraction } from '../src/models/extraction';
import { Meeting } from '../src/models/meeting';
import { MeetingEvent } from '../src/models/meeting-event';
import { Request } from '../src/models/request';
import { Task } from '../src/models/task';
import { TranscriptSegment } from '../src/models/transcript';
import { projectRoot } from '../src/project-root';
import { ProviderError } from '../src/provider-error';
import { signalPipeline, startPipeline } from '../src/temporal/runs';
import { readHistory } from '../test/support/history';
import { askFor, insertMeeting, withMedia, withTranscript } from '../test/support/meetings';
import { startTestPipeline, type TestPipeline } from '../test/support/pipeline';
import { eventually } from '../test/support/poll';
import { SAMPLE_LINES } from '../test/support/sample';
import { ScriptedSpeech } from '../test/support/scripted-speech';
import { pipelineId, PROGRESS, type Progress } from './messages';

const recording = readFileSync(path.join(projectRoot, 'samples/meeting-flite.mp3'));
const PEOPLE = ['Anna', 'Ben', 'Carol'];
const speech = new ScriptedSpeech(SAMPLE_LINES);
let pipeline: TestPipeline;

beforeAll(async () => (pipeline = await startTestPipeline({ speech, diarizer: null })), 120_000);
afterAll(() => pipeline.close());
beforeEach(() => {
  speech.calls.length = 0;
  speech.breaks = [];
  speech.hold = null;
});

const db = () => pipeline.database.knex;
const client = () => pipeline.temporal.client;
const load = (id: string) => Meeting.query(db()).findById(id).throwIfNotFound();

async function becomes(id: string, status: Meeting['status']): Promise<Meeting> {
  return eventually(
    async () => {
      const meeting = await load(id);
      expect(meeting.status).toBe(status);
      return meeting;
    },
    { deadlineMs: 30_000 },
  );
}

const isDone = (meetingId: string, requestId: string, state: Request['state'] = 'done') =>
  eventually(
    async () => expect(await Request.query(db()).findById([meetingId, requestId])).toMatchObject({ state }),
    { deadlineMs: 30_000 },
  );

async function startedFromTranscript(lines: string[], participants = PEOPLE): Promise<Meeting> {
  const meeting = await insertMeeting(db(), { participants });
  await withTranscript(db(), meeting, lines);
  await startPipeline(client(), await load(meeting.id));
  return meeting;
}

async function startedFromRecording(): Promise<Meeting> {
  const meeting = await insertMeeting(db(), { participants: PEOPLE });
  await withMedia(db(), pipeline.providers.mediaStore, meeting, recording);
  await startPipeline(client(), await load(meeting.id));
  return meeting;
}

async function ask(
  meeting: Meeting,
  kind: Request['kind'],
  instructions: string | null = null,
): Promise<string> {
  const requestId = await askFor(db(), meeting.id, kind, instructions);
  await signalPipeline(client(), await load(meeting.id), { kind, requestId });
  return requestId;
}

const tasksOf = (meeting: Meeting) => Task.query(db()).where({ meetingId: meeting.id }).orderBy('name');

describe('a ready transcript', () => {
  it('becomes tasks with owners and dates, one mail and one calendar entry each, without speech-to-text', async () => {
    const meeting = await startedFromTranscript(SAMPLE_LINES);
    await becomes(meeting.id, 'ready');
    const tasks = await tasksOf(meeting).withGraphFetched('owner');
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
      const sent = await Delivery.query(db())
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
    const meeting = await startedFromTranscript(SAMPLE_LINES);
    await becomes(meeting.id, 'ready');
    const history = await readHistory(client(), pipelineId(meeting.id));
    expect(history.text).toContain(meeting.id);
    for (const line of SAMPLE_LINES) expect(history.text).not.toContain(line.slice(line.indexOf(':') + 2));
    expect(history.text).not.toMatch(/payment|launch|@example\.com|Weekly planning/);
    expect(history.events).toBeLessThanOrEqual(150);
    expect(history.bytes).toBeLessThanOrEqual(100 * 1024);
  });

  it('is ready with nothing found when nobody agreed on anything', async () => {
    const meeting = await startedFromTranscript(['Anna: Nice weather today.', 'Ben: It is, is it not.']);
    await becomes(meeting.id, 'ready');
    const [extraction] = await Extraction.query(db()).where({ meetingId: meeting.id });
    expect(extraction).toMatchObject({ version: 1, counts: { actionItems: 0, decisions: 0, questions: 0 } });
  });

  it('tells the whole story in events without a gap', async () => {
    const meeting = await startedFromTranscript(SAMPLE_LINES);
    await becomes(meeting.id, 'ready');
    const events = await MeetingEvent.query(db()).where({ meetingId: meeting.id }).orderBy('seq');
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
    const meeting = await startedFromRecording();
    await becomes(meeting.id, 'ready');
    expect(speech.calls[0]).toBe(0);
    expect(speech.calls[1]).toBeGreaterThan(0);
    const { transcriptId } = await load(meeting.id);
    const segments = await TranscriptSegment.query(db())
      .where('transcript_id', transcriptId)
      .orderBy('ordinal');
    expect(segments.map(({ speaker, text }) => `${speaker}: ${text}`)).toEqual(SAMPLE_LINES);
  });

  it('is failed at transcribe, says what to set, and goes on when asked again', async () => {
    const error = new ProviderError('speech-engine-missing', 'Set WHISPER_MODEL.', { retryable: false });
    speech.breaks = [{ afterSegments: 0, error }];
    const meeting = await startedFromRecording();
    const failed = await becomes(meeting.id, 'failed');
    expect(failed.failure).toMatchObject({
      step: 'transcribe',
      code: error.code,
      message: 'Set WHISPER_MODEL.',
    });
    expect(speech.calls).toHaveLength(1);
    await ask(meeting, 'transcribe');
    expect((await becomes(meeting.id, 'ready')).failure).toBeNull();
  });

  it('that cannot be decoded is failed at probe', async () => {
    const meeting = await insertMeeting(db());
    await withMedia(db(), pipeline.providers.mediaStore, meeting, Buffer.from('ID3 but not a sound in it'));
    await startPipeline(client(), await load(meeting.id));
    expect((await becomes(meeting.id, 'failed')).failure).toMatchObject({ step: 'probe', retryable: false });
  });

  it('stops when it is cancelled, and can be asked for again', async () => {
    let letGo = () => {};
    speech.hold = new Promise((resolve) => (letGo = resolve));
    const meeting = await startedFromRecording();
    await eventually(() => speech.calls.length === 1, { deadlineMs: 20_000 });
    await ask(meeting, 'cancel');
    await becomes(meeting.id, 'cancelled');
    speech.hold = null;
    letGo();
    await ask(meeting, 'transcribe');
    await becomes(meeting.id, 'ready');
  }, 60_000);
});

describe('asking again', () => {
  it('makes a new version and keeps what a person edited, finished or deleted', async () => {
    const meeting = await startedFromTranscript(SAMPLE_LINES);
    await becomes(meeting.id, 'ready');
    const [edited, done, deleted] = await tasksOf(meeting);
    await Task.query(db())
      .findById(edited!.id)
      .patch({ category: 'mine', editedFields: ['category'] });
    await Task.query(db())
      .findById(done!.id)
      .patch({ status: 'done', editedFields: ['status'] });
    await Task.query(db()).findById(deleted!.id).patch({ deletedAt: new Date() });
    const before = await tasksOf(meeting);
    await isDone(meeting.id, await ask(meeting, 'extract'));
    const after = await tasksOf(meeting);
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(after[0]).toMatchObject({ category: 'mine' });
    expect(after[1]).toMatchObject({ status: 'done' });
    expect(after[2]!.deletedAt).not.toBeNull();
    expect(await Extraction.query(db()).where({ meetingId: meeting.id }).resultSize()).toBe(2);
  });

  it('twice with one id does one thing; with other wishes, each', async () => {
    const meeting = await startedFromTranscript(SAMPLE_LINES);
    await becomes(meeting.id, 'ready');
    const requestId = await ask(meeting, 'extract', 'the budget');
    await signalPipeline(client(), await load(meeting.id), { kind: 'extract', requestId });
    const other = await ask(meeting, 'extract', 'the launch');
    await isDone(meeting.id, requestId);
    await isDone(meeting.id, other);
    const extractions = await Extraction.query(db()).where({ meetingId: meeting.id }).orderBy('version');
    expect(extractions.map(({ instructions }) => instructions)).toEqual([null, 'the budget', 'the launch']);
  });

  it('five times keeps every run small and loses no request', async () => {
    const meeting = await startedFromTranscript(SAMPLE_LINES);
    await becomes(meeting.id, 'ready');
    for (let time = 0; time < 5; time++)
      await isDone(meeting.id, await ask(meeting, 'extract', `wish ${time}`));
    expect(await Extraction.query(db()).where({ meetingId: meeting.id }).resultSize()).toBe(6);
    const runs = client().workflow.list({ query: `WorkflowId = "${pipelineId(meeting.id)}"` });
    for await (const { runId } of runs) {
      const history = await readHistory(client(), pipelineId(meeting.id), runId);
      expect(history.events).toBeLessThanOrEqual(150);
    }
  }, 60_000);
});

describe("an operator's signals", () => {
  const byHand = (meeting: Meeting, signal: string, argument: unknown) =>
    client().workflow.signalWithStart('MeetingPipeline', {
      workflowId: pipelineId(meeting.id),
      taskQueue: 'meetings',
      signal,
      signalArgs: [argument],
    });

  it('start a run without any input', async () => {
    const meeting = await insertMeeting(db(), { participants: PEOPLE });
    await withTranscript(db(), meeting, SAMPLE_LINES);
    const requestId = randomUUID();
    await byHand(meeting, 'reextract', { requestId, instructions: 'by hand' });
    await isDone(meeting.id, requestId);
    const [latest] = await Extraction.query(db()).where({ meetingId: meeting.id }).orderBy('version', 'desc');
    expect(latest).toMatchObject({ requestId, instructions: 'by hand' });
    const described = await client().workflow.getHandle(pipelineId(meeting.id)).describe();
    expect(described.searchAttributes.MeetingId).toEqual([meeting.id]);
  });

  it('that cannot be read are ignored and said in the notes', async () => {
    const meeting = await startedFromTranscript(SAMPLE_LINES);
    await becomes(meeting.id, 'ready');
    for (const argument of [undefined, 'x', {}, { requestId: '' }, { requestId: 7 }]) {
      await byHand(meeting, 'reextract', argument);
    }
    const handle = client().workflow.getHandle(pipelineId(meeting.id));
    await eventually(async () => {
      const progress = await handle.query<Progress>(PROGRESS);
      expect(progress.notes).toHaveLength(5);
      expect(progress.status).toBe('ready');
    });
    await isDone(meeting.id, await ask(meeting, 'extract'));
  });
});
