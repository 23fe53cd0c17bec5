import { randomUUID } from 'node:crypto';
import { raw } from 'objection';
import { Delivery } from '../src/models/delivery';
import { Meeting } from '../src/models/meeting';
import { Request } from '../src/models/request';
import { fallBehind, Task } from '../src/models/task';
import { pipelineId, taskSyncId } from '../workflows/messages';
import { startTestApi, type TestApi } from '../test/support/api';
import { addMeeting, addTask } from '../test/support/rows';
import { catchUp } from './catch-up';
import { Resting } from './resting';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const LONG_AGO = raw(`now() - interval '1 minute'`) as unknown as Date;
const runOf = (workflowId: string) => api.deps.temporal.workflow.getHandle(workflowId);
const isRunning = async (workflowId: string) =>
  (await runOf(workflowId).describe()).status.name === 'RUNNING';
const signalsIn = async (workflowId: string) =>
  ((await runOf(workflowId).fetchHistory()).events ?? []).filter(
    (event) => event.workflowExecutionSignaledEventAttributes,
  ).length;

/** Nothing is left for the next test. */
afterEach(async () => {
  await Task.query(api.knex).patch({ syncedVersion: raw('version'), remindAt: null, remindOf: null });
  await Delivery.query(api.knex).patch({ state: 'sent' });
});

test('a stored meeting whose run was not started is started, once', async () => {
  const { id } = await addMeeting(api.knex, { runStartedAt: null, createdAt: LONG_AGO });
  expect(await catchUp(api.deps)).toEqual({ started: 1, requests: 0, tasks: 0, erasures: 0 });
  expect(await isRunning(pipelineId(id))).toBe(true);
  expect((await Meeting.query(api.knex).findById(id))?.runStartedAt).toBeInstanceOf(Date);
  expect(await catchUp(api.deps)).toEqual({ started: 0, requests: 0, tasks: 0, erasures: 0 });
});

test('a request that Temporal was not told of is signalled', async () => {
  const { id: meetingId } = await addMeeting(api.knex);
  const requestId = randomUUID();
  await Request.query(api.knex).insert({ meetingId, requestId, kind: 'extract', createdAt: LONG_AGO });
  expect(await catchUp(api.deps)).toEqual({ started: 0, requests: 1, tasks: 0, erasures: 0 });
  expect(await isRunning(pipelineId(meetingId))).toBe(true);
  expect((await Request.query(api.knex).findById([meetingId, requestId]))?.signalledAt).toBeInstanceOf(Date);
});

test('tasks ahead of the world are signalled, deleted ones too, but not every five seconds', async () => {
  const lagging = await addTask(api.knex, { syncedVersion: -1, updatedAt: LONG_AGO });
  const deleted = await addTask(api.knex, { version: 2, updatedAt: LONG_AGO, deletedAt: new Date() });
  const inSync = await addTask(api.knex, { updatedAt: LONG_AGO });
  const resting = new Resting();
  expect(await catchUp(api.deps, resting)).toMatchObject({ tasks: 2 });
  expect(await catchUp(api.deps, resting)).toMatchObject({ tasks: 0 });
  for (const { id } of [lagging, deleted]) expect(await signalsIn(taskSyncId(id))).toBe(1);
  await expect(isRunning(taskSyncId(inSync.id))).rejects.toThrow();
  await Task.query(api.knex).findById(lagging.id).patch({ version: 2 });
  expect(await catchUp(api.deps, resting)).toMatchObject({ tasks: 1 });
});

test('a new task whose run was not started gets one; a run that is busy with it is not disturbed', async () => {
  const { id } = await addTask(api.knex, { syncedVersion: 0, updatedAt: LONG_AGO });
  for (let round = 0; round < 2; round++) {
    expect(await catchUp(api.deps)).toMatchObject({ tasks: 1 });
    expect(await isRunning(taskSyncId(id))).toBe(true);
    expect(await signalsIn(taskSyncId(id))).toBe(0);
  }
  await Task.query(api.knex).findById(id).patch(fallBehind());
  await catchUp(api.deps);
  expect(await signalsIn(taskSyncId(id))).toBe(1);
});

test('an ordered delivery whose signal was lost is signalled', async () => {
  const { id: taskId, ownerId } = await addTask(api.knex);
  const order = { taskId, userId: ownerId, channel: 'email', kind: 'assigned', taskVersion: 1 } as const;
  await Delivery.query(api.knex).insert({ ...order, createdAt: LONG_AGO, updatedAt: LONG_AGO });
  expect(await catchUp(api.deps)).toMatchObject({ tasks: 1 });
  expect(await isRunning(taskSyncId(taskId))).toBe(true);
});

test('a delivery that a run has left behind is signalled; one that is being retried is not', async () => {
  const [left, retried] = [await addTask(api.knex), await addTask(api.knex)];
  const order = { channel: 'email', kind: 'assigned', taskVersion: 1, attempts: 3 } as const;
  const ago = (minutes: number) => raw(`now() - interval '${minutes} minutes'`) as unknown as Date;
  await Delivery.query(api.knex).insert([
    { ...order, taskId: left.id, createdAt: ago(60), updatedAt: ago(11) },
    { ...order, taskId: retried.id, createdAt: ago(60), updatedAt: ago(6) },
  ]);
  expect(await catchUp(api.deps)).toMatchObject({ tasks: 1 });
  expect(await isRunning(taskSyncId(left.id))).toBe(true);
});

test('a reminder whose hour has come without a run to send it is signalled', async () => {
  const [due, later] = ['now() - interval', 'now() + interval'].map((when) =>
    raw(`${when} '1 minute'`),
  ) as unknown as [Date, Date];
  const task = await addTask(api.knex, { remindAt: due, remindOf: '2026-11-27' });
  await addTask(api.knex, { remindAt: later, remindOf: '2026-11-27' });
  expect(await catchUp(api.deps)).toMatchObject({ tasks: 1 });
  expect(await isRunning(taskSyncId(task.id))).toBe(true);
});

test('what a request has just written is left to it', async () => {
  await addMeeting(api.knex, { runStartedAt: null });
  await addTask(api.knex, { syncedVersion: 0 });
  expect(await catchUp(api.deps)).toEqual({ started: 0, requests: 0, tasks: 0, erasures: 0 });
});

test('one process at a time', async () => {
  await api.knex.transaction(async (trx) => {
    await trx.raw('select pg_advisory_xact_lock(?)', [0x63617463]);
    expect(await catchUp(api.deps)).toBeNull();
  });
  expect(await catchUp(api.deps)).not.toBeNull();
});
