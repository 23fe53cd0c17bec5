/** Rows that can't be told keep nobody else waiting; an outage is made good when it is over. */
import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { Meeting } from '../src/models/meeting';
import { Request } from '../src/models/request';
import { startTestApi, type TestApi } from '../test/support/api';
import { eventually } from '../test/support/poll';
import { addMeeting, addTask } from '../test/support/rows';
import { pipelineId, taskSyncId } from '../workflows/messages';
import { catchUp, startCatchUp } from './catch-up';
import { Resting } from './resting';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());
afterEach(async () => {
  await Request.query(api.knex).delete();
  await Meeting.query(api.knex).delete();
});

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const stored = (minutes: number, columns: Parameters<typeof addMeeting>[1] = {}) =>
  addMeeting(api.knex, { runStartedAt: null, createdAt: ago(minutes), ...columns });
const isStarted = async ({ id }: Meeting) =>
  (await Meeting.query(api.knex).findById(id))?.runStartedAt !== null;

const isKnown = (workflowId: string) =>
  api.deps.temporal.workflow
    .getHandle(workflowId)
    .describe()
    .then(
      () => true,
      () => false,
    );

/** A summary of 5 MB is more than a call to Temporal may have: a row that will never go through. */
const poison = (minutes: number) => stored(minutes, { mediaType: 'x'.repeat(5_000_000) });

test('meetings that Temporal does not take keep none of the others waiting', async () => {
  const [first, second] = [await poison(60), await poison(59)];
  const good = [await stored(30), await stored(20), await stored(10)];
  const resting = new Resting();
  expect(await catchUp(api.deps, resting)).toMatchObject({ started: 3 });
  for (const meeting of good) expect(await isStarted(meeting)).toBe(true);
  for (const meeting of [first, second]) expect(await isStarted(meeting)).toBe(false);
  const late = await stored(5);
  expect(await catchUp(api.deps, resting)).toMatchObject({ started: 1 });
  expect(await isStarted(late)).toBe(true);
  const shown = await api.deps.metrics.scrape();
  expect(shown).toContain('meeting_pipeline_catch_up_failed_total{kind="started"} 2');
  expect(shown).toContain('meeting_pipeline_catch_up_told_total{kind="started"} 4');
  expect(shown).toContain('meeting_pipeline_lagging{kind="meetings"} 2');
});

test('more of them than a round has patience for cost the others some rounds, not their turn', async () => {
  for (let n = 0; n < 7; n++) await poison(60 - n);
  const good = await stored(10);
  const resting = new Resting();
  const { id: taskId } = await addTask(api.knex, { syncedVersion: 0, updatedAt: ago(1) });
  // On a busy machine Temporal may be late with such an amount, and the round ends.
  const round = () => catchUp(api.deps, resting).catch(() => null);
  await round();
  // A round ends with the meetings, and the other kinds have theirs.
  await eventually(async () => (await round(), await isKnown(taskSyncId(taskId))), { deadlineMs: 25_000 });
  await eventually(async () => (await round(), await isStarted(good)), { deadlineMs: 25_000 });
  await api.knex('tasks').where({ id: taskId }).delete();
}, 60_000);

test('a deleted meeting gets no run, and its requests stand in nobody’s way', async () => {
  const deleted = await addMeeting(api.knex, { deletedAt: new Date(), createdAt: ago(60) });
  const alive = await addMeeting(api.knex);
  for (const [index, { id: meetingId }] of [...Array<Meeting>(120).fill(deleted), alive].entries()) {
    const createdAt = new Date(ago(60).getTime() + index);
    await Request.query(api.knex).insert({ meetingId, requestId: randomUUID(), kind: 'extract', createdAt });
  }
  expect(await catchUp(api.deps)).toMatchObject({ requests: 1 });
  const run = (meeting: Meeting) => api.deps.temporal.workflow.getHandle(pipelineId(meeting.id)).describe();
  expect((await run(alive)).status.name).toBe('RUNNING');
  await expect(run(deleted)).rejects.toThrow();
});

test('a pool of one connection is enough', async () => {
  const { id } = await stored(10);
  const { client } = api.knex as unknown as { client: { pool: { max: number } } };
  const { max } = client.pool;
  client.pool.max = 1;
  try {
    expect(await catchUp(api.deps)).toMatchObject({ started: 1 });
  } finally {
    client.pool.max = max;
  }
  expect((await Meeting.query(api.knex).findById(id))?.runStartedAt).toBeInstanceOf(Date);
});

test('a process that is stopped in its turn loses it', async () => {
  const asked: string[] = [];
  const listen = ({ sql }: { sql: string }) => void asked.push(sql);
  api.knex.on('query', listen);
  await catchUp(api.deps);
  api.knex.off('query', listen);
  expect(asked).toContainEqual(
    expect.stringMatching(/^set local idle_in_transaction_session_timeout = '60s'$/),
  );
});

/** What connects to a port where nobody listens until the test says so is what an outage looks like. */
test('Temporal is away for ten seconds: all meetings that were stored meanwhile are started when it is back', async () => {
  const away = new Client({ connection: Connection.lazy({ address: '127.0.0.1:1' }), namespace: 'default' });
  const deps = { ...api.deps, temporal: away };
  const stop = startCatchUp(deps);
  try {
    const waiting = await Promise.all(Array.from({ length: 10 }, (_, n) => stored(10 + n)));
    const failedRounds = async () => {
      const { values } = await api.deps.metrics.catchUpRounds.get();
      return values.find(({ labels }) => labels.outcome === 'failed')?.value ?? 0;
    };
    await eventually(async () => expect(await failedRounds()).toBeGreaterThanOrEqual(2), {
      deadlineMs: 60_000,
    });
    for (const meeting of waiting) expect(await isStarted(meeting)).toBe(false);
    deps.temporal = api.deps.temporal;
    const backAt = performance.now();
    await eventually(
      async () => {
        for (const meeting of waiting) expect(await isStarted(meeting)).toBe(true);
      },
      { deadlineMs: 60_000 },
    );
    expect(performance.now() - backAt).toBeLessThan(30_000);
  } finally {
    await stop();
  }
}, 150_000);
