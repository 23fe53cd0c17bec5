import { randomUUID } from 'node:crypto';
import { LOCAL_USER } from '../../src/db/seed';
import { Delivery } from '../../src/models/delivery';
import { MeetingEvent } from '../../src/models/meeting-event';
import { setParticipants } from '../../src/models/participants';
import { Task } from '../../src/models/task';
import { taskSyncId } from '../../workflows/messages';
import { startTestApi, type TestApi } from '../../test/support/api';
import { addMeeting, addTask, addUser } from '../../test/support/rows';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const isRunning = async (taskId: string) =>
  (await api.deps.temporal.workflow.getHandle(taskSyncId(taskId)).describe()).status.name;

describe('writing tasks', () => {
  test('a new task belongs to the caller, and its TaskSync is told', async () => {
    const { status, body, headers } = await api.send('POST', '/tasks', { body: { name: ' Order parts ' } });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      meetingId: null,
      name: 'Order parts',
      owner: LOCAL_USER.id,
      ownerText: null,
      status: 'open',
      deadline: null,
      deadlineText: null,
      category: null,
      origin: 'human',
      needsReview: false,
      editedFields: [],
      evidence: [],
      version: 1,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    expect(headers.get('Location')).toBe(`/task/${body.id}`);
    expect(headers.get('ETag')).toBe('"1"');
    expect(await isRunning(body.id)).toBe('RUNNING');
  });

  test('a task of a meeting keeps its deadline in the zone of the meeting', async () => {
    const { id: meetingId } = await addMeeting(api.knex, { timezone: 'Asia/Tokyo' });
    const day = await api.send('POST', '/tasks', { body: { name: 'x', meetingId, deadline: '2025-12-01' } });
    expect(day.body).toMatchObject({ meetingId, deadline: '2025-12-01' });
    const body = { name: 'x', meetingId, deadline: '2025-12-01T08:30:00Z', owner: null };
    const instant = await api.send('POST', '/tasks', { body });
    expect(instant.body).toMatchObject({ deadline: '2025-12-01T17:30:00+09:00', owner: null });
    const events = await MeetingEvent.query(api.knex).where({ meetingId }).orderBy('seq');
    expect(events.map(({ seq, type, data }) => [seq, type, data])).toEqual([
      [1, 'task', { taskId: day.body.id, change: 'added' }],
      [2, 'task', { taskId: instant.body.id, change: 'added' }],
    ]);
  });

  test('owner and meeting must be known', async () => {
    for (const field of ['owner', 'meetingId']) {
      const { status, body } = await api.send('POST', '/tasks', {
        body: { name: 'x', [field]: randomUUID() },
      });
      expect([status, body.code, body.errors[0].pointer]).toEqual([400, 'invalid-body', `/${field}`]);
    }
  });
});

describe('changing tasks', () => {
  test('changed fields are remembered as edited, each change is a new version', async () => {
    const { id } = await addTask(api.knex, { category: 'ops' });
    const first = await api.send('PUT', `/tasks/${id}`, { body: { name: 'Send it', category: 'ops' } });
    expect(first.body).toMatchObject({ name: 'Send it', editedFields: ['name'], version: 2 });
    const second = await api.send('PUT', `/tasks/${id}`, { body: { status: 'done', category: null } });
    expect(second.body).toMatchObject({ status: 'done', category: null, version: 3 });
    expect(second.body.editedFields.sort()).toEqual(['category', 'name', 'status']);
  });

  test('who gives a task away is answered with it, and sees it no more', async () => {
    const [giver, host, taker] = [await addUser(api.knex), await addUser(api.knex), await addUser(api.knex)];
    const meeting = await addMeeting(api.knex, { ownerId: host.id });
    await setParticipants(api.knex, meeting.id, [giver, taker]);
    const { id } = await addTask(api.knex, { origin: 'ai', meetingId: meeting.id, ownerId: giver.id });
    const given = await api.send('PUT', `/tasks/${id}`, { body: { owner: taker.id }, as: giver.id });
    expect([given.status, given.body.owner, given.headers.get('ETag')]).toEqual([200, taker.id, '"2"']);
    expect((await api.send('GET', `/task/${id}`, { as: giver.id })).status).toBe(404);
  });

  test('the same values again change nothing', async () => {
    const { id } = await addTask(api.knex, { deadlineDate: '2025-12-01', deadlineTimezone: 'UTC' });
    const body = { name: 'Send the report', owner: LOCAL_USER.id, deadline: '2025-12-01', status: 'open' };
    const answer = await api.send('PUT', `/tasks/${id}`, { body });
    expect([answer.status, answer.body.version, answer.body.editedFields]).toEqual([200, 1, []]);
  });

  test.each([
    ['"1"', 200],
    ['"0", "1"', 200],
    ['*', 200],
    ['"7"', 412],
    ['W/"1"', 412],
    ['1', 412],
    ['"null"', 412],
  ])('If-Match %s answers %d', async (tag, expected) => {
    const { id } = await addTask(api.knex);
    const headers = { 'If-Match': tag };
    const { status } = await api.send('PUT', `/tasks/${id}`, { body: { name: 'New' }, headers });
    expect(status).toBe(expected);
    const { name } = await Task.query(api.knex).findById(id).throwIfNotFound();
    expect(name).toBe(expected === 200 ? 'New' : 'Send the report');
  });

  test('confirming a task is agreement; a new owner has not agreed', async () => {
    const agreedOf = async (id: string) => (await Task.query(api.knex).findById(id))?.agreed;
    const { id } = await addTask(api.knex, { origin: 'ai', needsReview: true });
    await api.send('PUT', `/tasks/${id}`, { body: { needsReview: false } });
    expect(await agreedOf(id)).toBe(true);
    const { id: owner } = await addUser(api.knex);
    await api.send('PUT', `/tasks/${id}`, { body: { owner } });
    expect(await agreedOf(id)).toBe(false);
  });

  test('two changes at the same time make two versions', async () => {
    const { id } = await addTask(api.knex);
    const change = (body: object) => api.send('PUT', `/tasks/${id}`, { body });
    await Promise.all([change({ name: 'A' }), change({ category: 'b' })]);
    const { body } = await api.send('GET', `/task/${id}`);
    expect(body).toMatchObject({ name: 'A', category: 'b', version: 3 });
  });

  test('a deleted task is gone, and can not be deleted again', async () => {
    const { id } = await addTask(api.knex);
    expect((await api.send('DELETE', `/tasks/${id}`)).status).toBe(204);
    for (const [method, path] of [
      ['DELETE', '/tasks'],
      ['PUT', '/tasks'],
      ['GET', '/task'],
      ['POST', '/notify'],
    ]) {
      const { status } = await api.send(
        method!,
        `${path}/${id}`,
        method === 'PUT' ? { body: { name: 'x' } } : {},
      );
      expect(status).toBe(404);
    }
    const row = await Task.query(api.knex).findById(id).throwIfNotFound();
    expect([row.version, row.deletedAt]).toEqual([2, expect.any(Date)]);
    expect(await isRunning(id)).toBe('RUNNING');
  });
});

describe('the list of a user', () => {
  const names = (answer: { body: { data: { name: string }[] } }) => answer.body.data.map(({ name }) => name);

  test('filters', async () => {
    const { id: ownerId } = await addUser(api.knex);
    await addTask(api.knex, { ownerId, name: 'day', deadlineDate: '2025-12-01', deadlineTimezone: 'UTC' });
    const deadlineAt = new Date('2025-12-02T10:00:00Z');
    await addTask(api.knex, { ownerId, name: 'hour', deadlineAt, deadlineTimezone: 'UTC', category: 'ops' });
    await addTask(api.knex, { ownerId, name: 'never', status: 'done' });
    const list = async (query: string) => names(await api.send('GET', `/tasks/${ownerId}${query}`));
    expect(await list('')).toEqual(['never', 'hour', 'day']);
    expect(await list('?status=done')).toEqual(['never']);
    expect(await list('?category=ops')).toEqual(['hour']);
    expect(await list('?dueBefore=2025-12-01')).toEqual([]);
    expect(await list('?dueBefore=2025-12-02')).toEqual(['day']);
    expect(await list('?dueBefore=2025-12-01T00:00:00-23:59')).toEqual([]);
    expect(await list('?dueBefore=2025-12-01T23:59:00Z')).toEqual([]);
    expect(await list('?dueBefore=2025-12-02T10:00:01Z')).toEqual(['hour', 'day']);
  });

  test('pages follow each other without gap, even over a deleted row', async () => {
    const { id: ownerId } = await addUser(api.knex);
    const tasks = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) tasks.push(await addTask(api.knex, { ownerId, name }));
    const first = await api.send('GET', `/tasks/${ownerId}?limit=2`);
    await Task.query(api.knex).deleteById(tasks[3]!.id); // the row that the cursor stands on
    const cursor = first.body.page.nextCursor;
    const second = await api.send('GET', `/tasks/${ownerId}?limit=2&cursor=${cursor}`);
    const third = await api.send('GET', `/tasks/${ownerId}?limit=2&cursor=${second.body.page.nextCursor}`);
    expect([first, second, third].map(names)).toEqual([['e', 'd'], ['c', 'b'], ['a']]);
    expect(third.body.page.nextCursor).toBeNull();
  });

  test('rows of the same moment are not lost between pages', async () => {
    const { id: ownerId } = await addUser(api.knex);
    const rows = Array.from({ length: 7 }, (_, number) => ({
      ownerId,
      name: `${number}`,
      origin: 'human' as const,
    }));
    await Task.query(api.knex).insert(rows);
    const seen = [];
    for (let cursor = ''; ;) {
      const page = await api.send('GET', `/tasks/${ownerId}?limit=3${cursor}`);
      seen.push(...names(page));
      if (page.body.page.nextCursor === null) break;
      cursor = `&cursor=${page.body.page.nextCursor}`;
    }
    expect(seen.sort()).toEqual(rows.map(({ name }) => name));
  });

  test('a cursor belongs to its list, its filters and nobody’s imagination', async () => {
    const { id: ownerId } = await addUser(api.knex);
    for (const name of ['a', 'b']) await addTask(api.knex, { ownerId, name });
    const { body } = await api.send('GET', `/tasks/${ownerId}?limit=1`);
    const cursor: string = body.page.nextCursor;
    const tampered = cursor.slice(0, -2) + (cursor.endsWith('AA') ? 'BB' : 'AA');
    const uses = [
      `/tasks/${LOCAL_USER.id}?cursor=${cursor}`,
      `/tasks/${ownerId}?status=open&cursor=${cursor}`,
      `/users?cursor=${cursor}`,
      `/tasks/${ownerId}?cursor=${tampered}`,
      `/tasks/${ownerId}?cursor=eyJhIjoxfQ`,
      `/tasks/${ownerId}?cursor=%27;drop%20table%20users--`,
    ];
    for (const use of uses) {
      const answer = await api.send('GET', use);
      expect([use, answer.status, answer.body.code]).toEqual([use, 400, 'cursor-invalid']);
    }
  });
});

test('a task shows what was sent about it: its notification, and its reminder', async () => {
  const { id: taskId, ownerId: userId } = await addTask(api.knex);
  const mail = { taskId, userId, channel: 'email', taskVersion: 1, state: 'sent', attempts: 1 } as const;
  await Delivery.query(api.knex).insert([
    { ...mail, kind: 'assigned', createdAt: new Date('2026-11-20T09:00:00Z') },
    { ...mail, kind: 'reminder', deadline: '2026-11-27', createdAt: new Date('2026-11-26T09:00:00Z') },
  ]);
  const { body } = await api.send('GET', `/task/${taskId}`);
  expect(body.deliveries).toMatchObject([
    { channel: 'email', kind: 'assigned', state: 'sent' },
    { channel: 'email', kind: 'reminder', state: 'sent', taskVersion: 1, attempts: 1, error: null },
  ]);
});
