import { LOCAL_USER } from '../../src/db/seed';
import { Delivery } from '../../src/models/delivery';
import type { Task } from '../../src/models/task';
import { startTestApi, type TestApi } from '../../test/support/api';
import { eventually } from '../../test/support/poll';
import { addTask, addUser } from '../../test/support/rows';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const DUE = { deadlineDate: '2025-12-01', deadlineTimezone: 'UTC' };
const notify = (task: Task, body?: object, headers = {}) =>
  api.send('POST', `/notify/${task.id}`, { body, headers });
const ledger = (task: Task) => Delivery.query(api.knex).where({ taskId: task.id }).orderBy('created_at');
/** What `TaskSync` would do; here no worker runs. */
const settle = (task: Task, state: 'sent' | 'failed' | 'unknown') =>
  Delivery.query(api.knex).where({ taskId: task.id }).patch({ state, attempts: 1 });

test('mail and calendar are ordered, and TaskSync is told', async () => {
  const task = await addTask(api.knex, DUE);
  const { status, body } = await notify(task);
  expect(status).toBe(202);
  expect(body).toEqual({
    taskId: task.id,
    deliveries: ['email', 'calendar'].map((channel) => ({
      id: expect.any(String),
      channel,
      kind: 'assigned',
      state: 'pending',
      attempts: 0,
      taskVersion: 1,
      updatedAt: expect.any(String),
      error: null,
    })),
  });
  const mail = (await ledger(task)).find(({ channel }) => channel === 'email');
  expect(mail).toMatchObject({ userId: LOCAL_USER.id, requestedBy: LOCAL_USER.id, resend: 0 });
  const handle = api.deps.temporal.workflow.getHandle(`task-${task.id}`);
  expect((await handle.describe()).status.name).toBe('RUNNING');
});

test('an unchanged task is not told twice, even by twenty at once', async () => {
  const task = await addTask(api.knex, DUE);
  await Promise.all(Array.from({ length: 20 }, () => notify(task)));
  expect(await ledger(task)).toHaveLength(2);
  await settle(task, 'sent');
  const { status, body } = await notify(task);
  expect([status, body.deliveries.map(({ state }: Delivery) => state)]).toEqual([200, ['sent', 'sent']]);
  expect(await ledger(task)).toHaveLength(2);
});

test('resend makes a new mail and no second calendar entry', async () => {
  const task = await addTask(api.knex, DUE);
  await notify(task);
  await settle(task, 'unknown');
  const { status, body } = await notify(task, { resend: true });
  expect(status).toBe(202);
  expect(body.deliveries.map(({ channel, state }: Delivery) => `${channel} ${state}`).sort()).toEqual([
    'calendar unknown',
    'email pending',
    'email unknown',
  ]);
  expect((await ledger(task)).map(({ resend }) => resend).sort()).toEqual([0, 0, 1]);
});

test('a changed task may be told again', async () => {
  const task = await addTask(api.knex);
  await notify(task);
  await settle(task, 'sent');
  await api.send('PUT', `/tasks/${task.id}`, { body: { name: 'Something else' } });
  const { body } = await notify(task);
  expect(body.deliveries).toEqual([expect.objectContaining({ state: 'pending', taskVersion: 2 })]);
});

test('a task without a deadline goes by mail alone', async () => {
  const task = await addTask(api.knex);
  const { body } = await notify(task);
  expect(body.deliveries.map(({ channel }: Delivery) => channel)).toEqual(['email']);
  const calendar = await notify(task, { channels: ['calendar'] });
  expect([calendar.status, calendar.body.code]).toEqual([409, 'task-has-no-deadline']);
});

test.each([
  ['task-has-no-owner', { ownerId: null }],
  ['task-needs-review', { needsReview: true }],
])('%s: nothing is ordered', async (code, columns) => {
  const task = await addTask(api.knex, columns);
  const { status, body } = await notify(task);
  expect([status, body.code]).toEqual([409, code]);
  expect(await ledger(task)).toEqual([]);
});

test('an owner without an address gets no mail', async () => {
  const { id: ownerId } = await addUser(api.knex, { email: '' });
  const { body } = await notify(await addTask(api.knex, { ownerId }));
  expect(body.code).toBe('owner-has-no-email');
});

describe('Prefer: wait', () => {
  test('answers 200 as soon as everything is settled', async () => {
    const task = await addTask(api.knex, DUE);
    const answer = notify(task, undefined, { Prefer: 'respond-async, wait=30' });
    await eventually(async () => (await ledger(task)).length === 2);
    await settle(task, 'sent');
    const { status, body, headers } = await answer;
    expect([status, headers.get('Preference-Applied')]).toEqual([200, 'wait']);
    expect(body.deliveries.map(({ state }: Delivery) => state)).toEqual(['sent', 'sent']);
  });

  test('answers 202 when the time is over', async () => {
    const startedAt = performance.now();
    const { status, body } = await notify(await addTask(api.knex), undefined, { Prefer: 'wait=1' });
    expect([status, body.deliveries[0].state]).toEqual([202, 'pending']);
    expect(performance.now() - startedAt).toBeGreaterThan(900);
  });
});
