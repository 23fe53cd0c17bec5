import { viewSteps } from '../src/domain/run-steps';
import { Meeting } from '../src/models/meeting';
import { MeetingEvent } from '../src/models/meeting-event';
import { Request } from '../src/models/request';
import { ActivityBench } from '../test/support/activity-bench';
import { askFor, insertMeeting } from '../test/support/meetings';
import { addExtraction, addTranscript } from '../test/support/rows';
import type { Outcome } from './record-outcome';

let bench: ActivityBench;
let meeting: Meeting;

const FAILURE = {
  step: 'transcribe',
  code: 'speech-engine-missing',
  message: 'Set WHISPER_MODEL.',
  retryable: false,
} as const;

beforeAll(async () => {
  bench = await ActivityBench.open();
});
afterAll(() => bench.close());
beforeEach(async () => {
  meeting = await insertMeeting(bench.db);
  await Meeting.query(bench.db).findById(meeting.id).patch({ status: 'transcribing' });
});

const load = () => Meeting.query(bench.db).findById(meeting.id).throwIfNotFound();
const record = (requestId: string, outcome: Outcome['outcome'], failure: Outcome['failure'] = null) =>
  bench.run('recordOutcome', {
    work: { meetingId: meeting.id, requestId, kind: 'transcribe' },
    outcome,
    failure,
  });
const request = (requestId: string) =>
  Request.query(bench.db).findById([meeting.id, requestId]).throwIfNotFound();
async function asked(state: Request['state']): Promise<string> {
  const requestId = await askFor(bench.db, meeting.id, 'transcribe');
  await Request.query(bench.db).findById([meeting.id, requestId]).patch({ state });
  return requestId;
}
async function wasReady(): Promise<void> {
  const [segment] = await addTranscript(bench.db, meeting, [['Anna', 'Hello.']]);
  await addExtraction(bench.db, meeting, segment!);
}
const story = async () => {
  const events = await MeetingEvent.query(bench.db).where({ meetingId: meeting.id }).orderBy('seq');
  return events.map(({ type, data }) => [type, data]);
};

describe('a failure', () => {
  it('is the meeting’s and that of all requests that were being done', async () => {
    const [first, along] = [await asked('running'), await asked('running')];
    expect(await record(first, 'failed', FAILURE)).toBe('failed');
    const { status, failure } = await load();
    expect({ status, failure }).toEqual({
      status: 'failed',
      failure: { ...FAILURE, at: expect.stringMatching(/^\d{4}-.+Z$/) },
    });
    for (const id of [first, along]) {
      expect(await request(id)).toMatchObject({ state: 'failed', failure, finishedAt: expect.any(Date) });
    }
    const { step, code, message } = FAILURE;
    expect(await story()).toEqual([
      ['failure', { step, code, message }],
      ['status', { status: 'failed' }],
    ]);
  });

  it('leaves a request alone that still waits, and those that are over', async () => {
    const mine = await asked('running');
    const others = [await asked('pending'), await asked('done'), await asked('cancelled')];
    await record(mine, 'failed', FAILURE);
    const states = await Promise.all(others.map(async (id) => (await request(id)).state));
    expect(states).toEqual(['pending', 'done', 'cancelled']);
  });

  it('of a step whose work was done, but nobody heard of it, is shown there and takes the next step along', async () => {
    const at = '2025-10-14T09:00:00.000Z';
    const extract = { attempt: 1, startedAt: at, finishedAt: at, ending: 'done' as const };
    const steps = { extract, notify: { ...extract, finishedAt: null, ending: null } };
    await Meeting.query(bench.db).findById(meeting.id).patch({ status: 'notifying', steps });
    await record(await asked('running'), 'failed', { ...FAILURE, step: 'extract' });
    const views = viewSteps({ ...(await load()), hasMedia: false });
    expect(views.map(({ name, state }) => [name, state]).slice(2)).toEqual([
      ['extract', 'failed'],
      ['notify', 'pending'],
    ]);
  });

  it('of a re-run leaves ready what has been ready, and everything that it had, but says what failed', async () => {
    await wasReady();
    const before = await load();
    expect(await record(await asked('running'), 'failed', FAILURE)).toBe('ready');
    const after = await load();
    expect(after).toMatchObject({ status: 'ready', failure: { code: FAILURE.code } });
    expect([after.transcript, after.transcriptId]).toEqual([before.transcript, before.transcriptId]);
  });

  it('that is recorded twice is told once', async () => {
    const mine = await asked('running');
    const statuses = [await record(mine, 'failed', FAILURE), await record(mine, 'failed', FAILURE)];
    expect(statuses).toEqual(['failed', 'failed']);
    expect(await story()).toHaveLength(2);
  });

  it('of an attempt that comes late, when its work is over, does not end the work that runs now', async () => {
    const mine = await asked('running');
    await record(mine, 'failed', FAILURE);
    const next = await asked('running');
    await Meeting.query(bench.db).findById(meeting.id).patch({ status: 'extracting', failure: null });
    expect(await record(mine, 'failed', FAILURE)).toBe('extracting');
    expect(await request(next)).toMatchObject({ state: 'running' });
    expect(await load()).toMatchObject({ status: 'extracting', failure: null });
  });

  it('leaves the meetings beside it alone', async () => {
    const other = await insertMeeting(bench.db);
    const requestId = await askFor(bench.db, other.id, 'transcribe');
    await Request.query(bench.db).findById([other.id, requestId]).patch({ state: 'running' });
    await record(await asked('running'), 'failed', FAILURE);
    expect(await Request.query(bench.db).findById([other.id, requestId])).toMatchObject({ state: 'running' });
    expect(await Meeting.query(bench.db).findById(other.id)).toMatchObject({
      status: 'queued',
      failure: null,
    });
  });
});

describe('a cancellation', () => {
  it('leaves the meeting cancelled, without a failure', async () => {
    const requestId = await asked('running');
    expect(await record(requestId, 'cancelled')).toBe('cancelled');
    expect(await load()).toMatchObject({ status: 'cancelled', failure: null });
    expect(await request(requestId)).toMatchObject({ state: 'cancelled', failure: null });
    expect(await story()).toEqual([['status', { status: 'cancelled' }]]);
  });

  it('of a re-run leaves ready what has been ready', async () => {
    await wasReady();
    expect(await record(await asked('running'), 'cancelled')).toBe('ready');
  });

  it('of a run that was idle changes nothing', async () => {
    await Meeting.query(bench.db).findById(meeting.id).patch({ status: 'ready' });
    expect(await record(await asked('done'), 'cancelled')).toBe('ready');
    expect(await story()).toEqual([]);
  });
});
