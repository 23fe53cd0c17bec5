import { Client, WorkflowNotFoundError } from '@temporalio/client';
import { Meeting } from '../src/models/meeting';
import { MeetingEvent } from '../src/models/meeting-event';
import { Request } from '../src/models/request';
import { Task } from '../src/models/task';
import { ActivityBench } from '../test/support/activity-bench';
import { askFor, insertMeeting } from '../test/support/meetings';
import { testTemporal, type TestTemporal } from '../test/support/temporal';
import { taskSyncId } from '../workflows/messages';
import type { Work } from './plan-work';

let temporal: TestTemporal;
let bench: ActivityBench;
let work: Work;

beforeAll(async () => {
  temporal = await testTemporal();
  bench = await ActivityBench.open({ temporal: temporal.client });
});
afterAll(async () => {
  await bench.close();
  await temporal.close();
});
beforeEach(async () => {
  const { id: meetingId } = await insertMeeting(bench.db);
  const requestId = await askFor(bench.db, meetingId, 'extract');
  await Request.query(bench.db).findById([meetingId, requestId]).patch({ state: 'running' });
  await Meeting.query(bench.db).findById(meetingId).patch({ status: 'notifying' });
  work = { meetingId, requestId, kind: 'extract' };
});

const insertTask = (fields: Partial<Task> = {}) =>
  Task.query(bench.db).insertAndFetch({ meetingId: work.meetingId, name: 'Book', origin: 'ai', ...fields });
const runOf = (task: Task) => temporal.client.workflow.getHandle(taskSyncId(task.id));
const signalsTo = async (task: Task) => {
  const { events } = await runOf(task).fetchHistory();
  return (events ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes).length;
};
const load = () => Meeting.query(bench.db).findById(work.meetingId).throwIfNotFound();

it('hands each task that the world does not know to a run of its own, and no other', async () => {
  const news = await insertTask();
  const changed = await insertTask({ version: 4, syncedVersion: 3 });
  const deleted = await insertTask({ version: 2, syncedVersion: 1, deletedAt: new Date() });
  const known = await insertTask({ version: 2, syncedVersion: 2 });
  await bench.run('handOver', work);
  for (const task of [news, changed, deleted]) {
    expect((await runOf(task).describe()).status.name).toBe('RUNNING');
  }
  await expect(runOf(known).describe()).rejects.toBeInstanceOf(WorkflowNotFoundError);
});

it('makes the meeting ready, ends its request, forgets an earlier failure and takes what waits', async () => {
  const failure = { step: 'extract', code: 'x', message: 'y', retryable: true, at: '2025-10-14T09:00:00Z' };
  await Meeting.query(bench.db)
    .findById(work.meetingId)
    .patch({ failure: failure as Meeting['failure'] });
  const waiting = await askFor(bench.db, work.meetingId, 'extract', 'something else');
  expect(await bench.run('handOver', work)).toMatchObject({
    work: { meetingId: work.meetingId, requestId: waiting, kind: 'extract' },
    status: 'ready',
    failure: null,
    windowMs: 0,
  });
  expect(await load()).toMatchObject({ status: 'ready', failure: null });
  const state = async (id: string) => (await Request.query(bench.db).findById([work.meetingId, id]))?.state;
  expect([await state(work.requestId), await state(waiting)]).toEqual(['done', 'running']);
  const events = await MeetingEvent.query(bench.db).where({ meetingId: work.meetingId }).orderBy('seq');
  expect(events.map(({ data }) => data.status)).toEqual(['ready']);
});

it('makes a meeting without tasks ready as well, and says how long to wait for more', async () => {
  const { work: next, windowMs } = await bench.run('handOver', work);
  expect(next).toBeNull();
  expect(windowMs).toBeGreaterThan(0);
  expect((await load()).status).toBe('ready');
});

it('signals again when an attempt was cut off, and leaves one run per task', async () => {
  const task = await insertTask();
  await bench.run('handOver', work);
  // As if it had been cut off before its last transaction.
  await Request.query(bench.db).findById([work.meetingId, work.requestId]).patch({ state: 'running' });
  const { runId } = await runOf(task).describe();
  await bench.run('handOver', work, { attempt: 2 });
  expect((await runOf(task).describe()).runId).toBe(runId);
  expect(await signalsTo(task)).toBe(2);
  expect((await load()).status).toBe('ready');
});

it('does nothing again when only the report of an attempt was lost', async () => {
  const task = await insertTask();
  const waiting = await askFor(bench.db, work.meetingId, 'extract', 'something else');
  const first = await bench.run('handOver', work);
  expect(first.work?.requestId).toBe(waiting);
  expect(await bench.run('handOver', work, { attempt: 2 })).toEqual(first);
  expect(await signalsTo(task)).toBe(1);
  const events = await MeetingEvent.query(bench.db).where({ meetingId: work.meetingId }).orderBy('seq');
  expect(events.map(({ data }) => data.status)).toEqual(['ready']);
});

it('leaves the meeting notifying while Temporal refuses, so that a retry hands over', async () => {
  const { connection } = temporal;
  const refusing = new Client({ connection, namespace: 'unknown-namespace' });
  await insertTask();
  for (const attempt of [1, 2]) {
    const refused = bench.run('handOver', work, { attempt, deps: { temporal: refusing } });
    await expect(refused).rejects.toMatchObject({ type: 'internal', nonRetryable: false });
  }
  expect(await load()).toMatchObject({
    status: 'notifying',
    steps: { notify: { attempt: 2, ending: null } },
  });
  await bench.run('handOver', work, { attempt: 3 });
  expect((await load()).status).toBe('ready');
});
