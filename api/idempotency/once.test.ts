/** Every route that makes or sends something does it once per key, and gives the same answer again. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { Meeting } from '../../src/models/meeting';
import { Task } from '../../src/models/task';
import { User } from '../../src/models/user';
import { startTestApi, type TestApi } from '../../test/support/api';
import { addMeeting, addTask, addTranscript, addUser } from '../../test/support/rows';
import { routes } from '../routes';

let api: TestApi;
let meeting: Meeting;
let task: Task;

beforeAll(async () => {
  api = await startTestApi();
  meeting = await addMeeting(api.knex);
  await addTranscript(api.knex, meeting, [['Ben', 'I will send it.']]);
  task = await addTask(api.knex, { meetingId: meeting.id, deadlineDate: '2026-12-24' });
});
afterAll(() => api.close());

interface Made {
  path: string;
  /** Counts what the route makes. */
  table: string;
  body: object;
  other: object;
}

const filledIn = (path: string) => path.replace(':meetingId', meeting.id).replace(':taskId', task.id);
const rows = async (knex: Knex, table: string) => Number((await knex(table).count())[0]!.count);

function send(path: string, key: string, body: object | undefined, headers: Record<string, string> = {}) {
  return api.send('POST', filledIn(path), { body, headers: { 'Idempotency-Key': key, ...headers } });
}

const shown = ({ status, body, headers }: Awaited<ReturnType<typeof send>>) => ({
  status,
  body: JSON.stringify(body),
  location: headers.get('Location'),
  etag: headers.get('ETag'),
});

const MADE: Made[] = [
  { path: '/tasks', table: 'tasks', body: { name: 'Buy milk', category: 'x' }, other: { name: 'Buy tea' } },
  {
    path: '/users',
    table: 'users',
    body: { name: 'Ann', email: 'ann@example.com' },
    other: { name: 'Ann', email: 'other@example.com' },
  },
  { path: '/notify/:taskId', table: 'deliveries', body: { channels: ['email'], resend: true }, other: {} },
  { path: '/extract/:meetingId', table: 'requests', body: { instructions: 'Be brief' }, other: {} },
  { path: '/transcribe/:meetingId', table: 'requests', body: { language: 'en' }, other: {} },
];

test('every POST takes a key, but for the reports that a provider sends', () => {
  const posts = routes.filter(({ method }) => method === 'POST');
  expect(posts.filter(({ idempotent }) => !idempotent).map(({ path }) => path)).toEqual([
    '/webhooks/sendgrid',
  ]);
  const tested = [...MADE.map(({ path }) => path), '/meeting/:meetingId/cancel', '/upload'];
  expect(posts.filter(({ idempotent }) => idempotent).map(({ path }) => path)).toEqual(
    expect.arrayContaining(tested),
  );
  expect(posts).toHaveLength(tested.length + 1);
});

describe.each(MADE)('POST $path', ({ path, table, body, other }) => {
  const key = randomUUID();

  it('is done once and answered twice', async () => {
    const before = await rows(api.knex, table);
    const first = await send(path, key, body);
    expect([201, 202]).toContain(first.status);
    expect(first.headers.has('Idempotency-Replayed')).toBe(false);
    const again = await send(path, key, body);
    expect(again.headers.get('Idempotency-Replayed')).toBe('true');
    expect(shown(again)).toEqual(shown(first));
    expect(await rows(api.knex, table)).toBe(before + 1);
  });

  it('is refused with other content under that key, and made under another', async () => {
    const before = await rows(api.knex, table);
    expect(await send(path, key, other)).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
    expect(await rows(api.knex, table)).toBe(before);
    expect((await send(path, randomUUID(), other)).status).toBeLessThan(300);
  });

  it('is refused under a key of another route', async () => {
    const elsewhere = path === '/tasks' ? '/users' : '/tasks';
    expect((await send(elsewhere, key, body)).status).toBe(422);
  });
});

test('cancelling takes a key as well, without a body', async () => {
  const first = await send('/meeting/:meetingId/cancel', 'cancel', undefined);
  const again = await send('/meeting/:meetingId/cancel', 'cancel', undefined);
  expect([first.status, again.body]).toEqual([202, first.body]);
});

test('the order of fields, and how their values are written, is no other content', async () => {
  const owner = (await addUser(api.knex)).id;
  const first = await send('/tasks', 'order', { name: 'Buy milk', owner });
  const again = await send('/tasks', 'order', { owner: owner.toUpperCase(), name: ' Buy milk ' });
  expect([again.status, again.body.id]).toEqual([201, first.body.id]);
});

test('another meeting is another request', async () => {
  const other = await addMeeting(api.knex);
  await send(`/transcribe/${meeting.id}`, 'meetings', {});
  expect((await send(`/transcribe/${other.id}`, 'meetings', {})).status).toBe(422);
});

test('the answer that is repeated is the one of the commit, whoever waited', async () => {
  const wait = { Prefer: 'wait=1' };
  const first = await send('/extract/:meetingId', 'waits', {}, wait);
  const again = await send('/extract/:meetingId', 'waits', {}, wait);
  expect([first.status, again.status]).toEqual([202, 202]);
  expect(again.body).toEqual(first.body);
  expect(again.headers.has('Preference-Applied')).toBe(false);
});

describe('a key', () => {
  it('is each user’s own', async () => {
    const ann = await addUser(api.knex);
    const mine = await send('/tasks', 'shared', { name: 'Mine' });
    const hers = await send('/tasks', 'shared', { name: 'Hers' }, { 'X-Test-Caller': ann.id });
    expect([hers.status, hers.headers.has('Idempotency-Replayed')]).toEqual([201, false]);
    expect((await send('/tasks', 'shared', { name: 'Mine' })).body.id).toBe(mine.body.id);
  });

  it('counts no more after a day, also before anybody has removed it', async () => {
    const first = await send('/tasks', 'old', { name: 'Old' });
    const age = (hours: number) =>
      api
        .knex('idempotency_keys')
        .where({ key: 'old' })
        .update({ created_at: api.knex.raw(`now() - interval '${hours} hours'`) });
    await age(23);
    expect((await send('/tasks', 'old', { name: 'Old' })).body.id).toBe(first.body.id);
    await age(25);
    const fresh = await send('/tasks', 'old', { name: 'New' });
    expect([fresh.status, fresh.headers.has('Idempotency-Replayed')]).toEqual([201, false]);
    expect((await send('/tasks', 'old', { name: 'New' })).body.id).toBe(fresh.body.id);
  });

  it.each([
    ['what is invalid', '/tasks', { name: '' }, 400],
    ['what is not there', `/extract/${randomUUID()}`, {}, 404],
    ['what is taken', '/users', { name: 'x', email: 'you@example.com' }, 409],
  ])('is free again after %s', async (_, path, body, status) => {
    const key = randomUUID();
    expect((await send(path, key, body)).status).toBe(status);
    expect((await send('/tasks', key, { name: 'Valid' })).status).toBe(201);
  });

  it('on a route that makes nothing is ignored', async () => {
    const headers = { 'Idempotency-Key': 'é' };
    expect((await api.send('PUT', `/tasks/${task.id}`, { body: {}, headers })).status).toBe(200);
  });
});

describe('an answer goes with what it shows', () => {
  it('with the meeting', async () => {
    const gone = await addMeeting(api.knex);
    const ask = () => send('/tasks', 'erased', { name: 'x', meetingId: gone.id });
    await ask();
    await Meeting.query(api.knex).findById(gone.id).patch({ deletedAt: new Date() });
    expect(await ask()).toMatchObject({ status: 404, body: { code: 'not-found' } });
    await Task.query(api.knex).where({ meetingId: gone.id }).delete();
    await Meeting.query(api.knex).deleteById(gone.id);
    expect(await api.knex('idempotency_keys').where({ key: 'erased' })).toEqual([]);
  });

  it('with the user', async () => {
    const { body } = await send('/users', 'person', { name: 'Eve', email: 'eve@example.com' });
    await User.query(api.knex).deleteById(body.id);
    expect(await api.knex('idempotency_keys').where({ key: 'person' })).toEqual([]);
  });
});

describe('50 at once', () => {
  it('make one task; all others wait or get its answer', async () => {
    const attempts = Array.from({ length: 50 }, () => send('/tasks', 'fifty', { name: 'Fifty' }));
    const answers = await Promise.all(attempts);
    const done = answers.filter(({ status }) => status === 201);
    const waiting = answers.filter(({ status }) => status === 409);
    expect(done.length + waiting.length).toBe(50);
    expect(new Set(done.map(({ body }) => body.id)).size).toBe(1);
    expect(done.filter(({ headers }) => !headers.has('Idempotency-Replayed'))).toHaveLength(1);
    for (const { body, headers } of waiting) {
      expect(body.code).toBe('idempotency-key-in-use');
      expect(headers.get('Retry-After')).toMatch(/^(1?\d|20)$/);
    }
    expect(await Task.query(api.knex).where({ name: 'Fifty' }).resultSize()).toBe(1);
    expect((await send('/tasks', 'fifty', { name: 'Fifty' })).body).toEqual(done[0]!.body);
  });
});
