/** The janitor as it runs: its schedule on a real Temporal, triggered; runs that are really terminated. */
import { Meeting } from '../src/models/meeting';
import { MeetingEvent } from '../src/models/meeting-event';
import { Request } from '../src/models/request';
import { LocalExtractor } from '../src/providers/local/extractor';
import type { Extractor } from '../src/ports';
import { JANITOR_SCHEDULE, scheduleJanitor } from '../src/temporal/schedule-janitor';
import { askFor } from '../test/support/meetings';
import { MeetingDriver } from '../test/support/meeting-driver';
import { startTestPipeline, type TestPipeline } from '../test/support/pipeline';
import { eventually } from '../test/support/poll';
import { pipelineId } from './messages';

const LINES = ['Anna: Ben, can you fix the tests by Friday?', 'Ben: Yes, I will fix the tests by Friday.'];
const DEADLINE = { deadlineMs: 60_000 };

/** Reads like the local one, or never comes to an end. */
const local = new LocalExtractor();
let hangs = false;
const over = new AbortController();
const extractor: Extractor = {
  provider: 'local',
  extract(input, { signal }) {
    if (!hangs) return local.extract(input);
    const end = AbortSignal.any([signal, over.signal]);
    return new Promise<never>((_, reject) => {
      const stop = () => reject(end.reason as Error);
      if (end.aborted) stop();
      end.addEventListener('abort', stop);
    });
  },
};

let pipeline: TestPipeline;
let driver: MeetingDriver;
beforeAll(async () => {
  pipeline = await startTestPipeline({ extractor });
  driver = new MeetingDriver(pipeline);
  await scheduleJanitor(pipeline.temporal.client);
}, 60_000);
afterAll(() => {
  over.abort();
  return pipeline.close();
}, 120_000);
beforeEach(() => {
  hangs = false;
});

const runOf = ({ id }: Meeting) => driver.client.workflow.getHandle(pipelineId(id));
const turnsTaken = async () => (await schedule().describe()).info.numActionsTaken;
const schedule = () => driver.client.schedule.getHandle(JANITOR_SCHEDULE);

/** Triggers the schedule and waits for the end of that turn; returns what it says it has done. */
async function turn(): Promise<Record<string, number>> {
  const before = await turnsTaken();
  await schedule().trigger();
  const taken = await eventually(async () => {
    const { numActionsTaken, recentActions } = (await schedule().describe()).info;
    expect(numActionsTaken).toBe(before + 1);
    return recentActions.at(-1)!.action;
  }, DEADLINE);
  const { workflowId, firstExecutionRunId } = taken.workflow;
  const result = driver.client.workflow.getHandle(workflowId, firstExecutionRunId).result();
  return result as Promise<Record<string, number>>;
}

/** As the api leaves it once Temporal knows: the janitor leaves alone what nobody has started. */
async function noteStarted(meeting: Meeting): Promise<void> {
  await Meeting.query(driver.db).findById(meeting.id).patch({ runStartedAt: new Date() });
  await Request.query(driver.db).where({ meetingId: meeting.id }).patch({ signalledAt: new Date() });
}

async function startedAndExtracting(): Promise<Meeting> {
  hangs = true;
  const meeting = await driver.startedFromTranscript(LINES);
  await noteStarted(meeting);
  await driver.becomes(meeting, 'extracting');
  return meeting;
}

async function ready(): Promise<Meeting> {
  const meeting = await driver.startedFromTranscript(LINES);
  await noteStarted(meeting);
  await driver.becomes(meeting, 'ready');
  return meeting;
}

const requestsOf = async (meeting: Meeting) =>
  (await Request.query(driver.db).where({ meetingId: meeting.id }).orderBy('created_at')).map(
    ({ state, failure }) => [state, failure?.code ?? null],
  );
const eventsOf = async (meeting: Meeting) =>
  (await MeetingEvent.query(driver.db).where({ meetingId: meeting.id }).orderBy('seq').select('type', 'data'))
    .slice(-2)
    .map(({ type, data }) => [type, data]);

test('a turn that finds nothing says so, in a history of its own that stays short', async () => {
  expect(await turn()).toEqual({ 'abandoned-uploads': 0, 'vanished-runs': 0, 'cut-off-sends': 0 });
  expect(await turn()).toEqual({ 'abandoned-uploads': 0, 'vanished-runs': 0, 'cut-off-sends': 0 });
  const { workflowId, firstExecutionRunId } = (await schedule().describe()).info.recentActions.at(-1)!.action
    .workflow;
  const history = await driver.client.workflow.getHandle(workflowId, firstExecutionRunId).fetchHistory();
  expect(history.events!.length).toBeLessThan(40);
});

test('a terminated run: the meeting fails where it stood, its request too, everybody is told, and it can go on', async () => {
  const meeting = await startedAndExtracting();
  expect(await turn()).toMatchObject({ 'vanished-runs': 0 });
  await runOf(meeting).terminate('by an operator');
  expect(await turn()).toMatchObject({ 'vanished-runs': 1 });
  const failed = await driver.load(meeting.id);
  const message = 'The run was terminated before its work was done. Ask again; what was saved is kept.';
  expect(failed).toMatchObject({
    status: 'failed',
    failure: { step: 'extract', code: 'run-terminated', retryable: true, message },
  });
  expect(await requestsOf(meeting)).toEqual([['failed', 'run-terminated']]);
  expect(await eventsOf(meeting)).toEqual([
    ['failure', { step: 'extract', code: 'run-terminated', message }],
    ['status', { status: 'failed' }],
  ]);
  expect(await turn()).toMatchObject({ 'vanished-runs': 0 });
  hangs = false;
  await driver.ask(meeting, 'extract');
  expect((await driver.becomes(meeting, 'ready')).failure).toBeNull();
});

test('a meeting that had been ready stays ready, with what failed', async () => {
  const meeting = await ready();
  hangs = true;
  await driver.ask(meeting, 'extract');
  await noteStarted(meeting);
  await driver.becomes(meeting, 'extracting');
  await runOf(meeting).terminate();
  expect(await turn()).toMatchObject({ 'vanished-runs': 1 });
  expect(await driver.load(meeting.id)).toMatchObject({
    status: 'ready',
    failure: { step: 'extract', code: 'run-terminated' },
  });
  expect(await requestsOf(meeting)).toEqual([
    ['done', null],
    ['failed', 'run-terminated'],
  ]);
});

test('a run that Temporal has no trace of is gone as well', async () => {
  const meeting = await driver.stored(LINES);
  await noteStarted(meeting);
  expect(await turn()).toMatchObject({ 'vanished-runs': 1 });
  const { status, failure } = await driver.load(meeting.id);
  expect([status, failure?.step, failure?.code]).toEqual(['failed', 'extract', 'run-terminated']);
});

test('what is on its way is left alone: a start that is pending, a request that nobody was told of', async () => {
  const pending = await driver.stored(LINES);
  const asked = await ready();
  await runOf(asked).terminate();
  await askFor(driver.db, asked.id, 'extract');
  expect(await turn()).toMatchObject({ 'vanished-runs': 0 });
  expect((await driver.load(pending.id)).status).toBe('queued');
  expect((await driver.load(asked.id)).failure).toBeNull();
  expect(await requestsOf(asked)).toEqual([
    ['done', null],
    ['pending', null],
  ]);
});

test('a run that is started while the janitor looks wins: no request of it fails', async () => {
  const meeting = await startedAndExtracting();
  await runOf(meeting).terminate();
  hangs = false;
  // Whichever comes first: what was left behind is failed or taken along, and the new wish is done.
  const [, requestId] = await Promise.all([turn(), driver.ask(meeting, 'extract')]);
  await driver.isDone(meeting, requestId);
  expect((await driver.becomes(meeting, 'ready')).failure).toBeNull();
});

test('what the turns have done is counted where every api sees it', async () => {
  const totals = await driver.db('janitor_totals').where({ kind: 'vanished-runs' }).first();
  expect(Number(totals.total)).toBeGreaterThanOrEqual(3);
  expect(totals.last_run_at).toBeInstanceOf(Date);
});
