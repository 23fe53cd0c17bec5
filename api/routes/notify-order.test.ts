/** What a person may order, and what each order adds to the ledger. */
import { Delivery } from '../../src/models/delivery';
import type { Task } from '../../src/models/task';
import { startTestApi, type TestApi } from '../../test/support/api';
import { addTask, addUser } from '../../test/support/rows';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const DUE = { deadlineDate: '2025-12-01', deadlineTimezone: 'UTC' };
const notify = (task: Task, body?: unknown) => api.send('POST', `/notify/${task.id}`, { body });
const ledger = async (task: Task) => {
  const rows = await Delivery.query(api.knex)
    .where({ taskId: task.id })
    .orderBy(['created_at', 'channel', 'resend']);
  return rows.map(
    ({ channel, state, resend, taskVersion }) => `${channel} ${state} v${taskVersion} #${resend}`,
  );
};
const settle = (task: Task, state: Delivery['state']) =>
  Delivery.query(api.knex).where({ taskId: task.id }).patch({ state, attempts: 1 });

test.each<[object, string[]]>([
  [{ channels: ['email'] }, ['email']],
  [{ channels: ['calendar'] }, ['calendar']],
  [{ channels: ['calendar', 'email'] }, ['calendar', 'email']],
  [{}, ['calendar', 'email']],
])('%j orders %j', async (body, channels) => {
  const task = await addTask(api.knex, DUE);
  expect((await notify(task, body)).status).toBe(202);
  expect((await ledger(task)).sort()).toEqual(channels.map((channel) => `${channel} pending v1 #0`));
});

test.each<[unknown, string]>([
  [{ channels: [] }, '/channels'],
  [{ channels: ['sms'] }, '/channels/0'],
  [{ channels: ['email', 'email'] }, '/channels/1'],
  [{ channels: 'email' }, '/channels'],
  [{ resend: false }, '/resend'],
  [{ resend: 'true' }, '/resend'],
  [{ to: 'everybody@example.com' }, '/to'],
  [[], ''],
])('%j is refused, and nothing is ordered', async (body, pointer) => {
  const task = await addTask(api.knex, DUE);
  const answer = await notify(task, body);
  expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, pointer]);
  expect(await ledger(task)).toEqual([]);
});

test('a calendar asked for along with mail is left out when there is no deadline', async () => {
  const task = await addTask(api.knex);
  expect((await notify(task, { channels: ['email', 'calendar'] })).status).toBe(202);
  expect(await ledger(task)).toEqual(['email pending v1 #0']);
});

test('each resend is a mail of its own, whatever became of the one before', async () => {
  const task = await addTask(api.knex);
  await notify(task);
  for (const state of ['sent', 'failed', 'unknown'] as const) {
    await settle(task, state);
    expect((await notify(task, { resend: true })).status).toBe(202);
  }
  expect(await ledger(task)).toEqual([
    'email unknown v1 #0',
    'email unknown v1 #1',
    'email unknown v1 #2',
    'email pending v1 #3',
  ]);
});

test('what failed for good is shown, not tried again, until somebody asks to resend', async () => {
  const task = await addTask(api.knex);
  await notify(task);
  await settle(task, 'failed');
  const again = await notify(task);
  expect([again.status, again.body.deliveries[0].state]).toEqual([200, 'failed']);
  expect(await ledger(task)).toEqual(['email failed v1 #0']);
});

test('resend is a wish for a mail: of the calendar alone it changes nothing', async () => {
  const task = await addTask(api.knex, DUE);
  await notify(task, { channels: ['calendar'] });
  await settle(task, 'sent');
  const { status } = await notify(task, { channels: ['calendar'], resend: true });
  expect(status).toBe(200);
  expect(await ledger(task)).toEqual(['calendar sent v1 #0']);
});

test('a new owner is told of their own; what the old one got stays in the history of the task', async () => {
  const [ben, zoe] = await Promise.all([addUser(api.knex), addUser(api.knex)]);
  const task = await addTask(api.knex, { ownerId: ben.id });
  await notify(task);
  await settle(task, 'sent');
  await api.send('PUT', `/tasks/${task.id}`, { body: { owner: zoe.id } });
  const { status, body } = await notify(task);
  expect([status, body.deliveries.length]).toEqual([202, 1]);
  const shown = await api.send('GET', `/task/${task.id}`);
  const states = shown.body.deliveries.map(({ state, taskVersion }: Delivery) => `${state} v${taskVersion}`);
  expect(states).toEqual(['sent v1', 'pending v2']);
});

test('a confirmed task may be ordered', async () => {
  const task = await addTask(api.knex, { needsReview: true });
  expect((await notify(task)).body.code).toBe('task-needs-review');
  await api.send('PUT', `/tasks/${task.id}`, { body: { needsReview: false } });
  expect((await notify(task)).status).toBe(202);
});

test('a deleted task is ordered no more', async () => {
  const task = await addTask(api.knex);
  await api.send('DELETE', `/tasks/${task.id}`);
  expect((await notify(task)).status).toBe(404);
  expect(await ledger(task)).toEqual([]);
});
