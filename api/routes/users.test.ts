import { LOCAL_USER } from '../../src/db/seed';
import { MeetingEvent } from '../../src/models/meeting-event';
import { Task } from '../../src/models/task';
import { startTestApi, type TestApi } from '../../test/support/api';
import { addMeeting, addParticipant, addTask, addUser } from '../../test/support/rows';
import { taskSyncId } from '../../workflows/messages';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

test('an admin adds, changes, reads and deletes a user', async () => {
  const body = { name: 'Zoe', email: 'Zoe@Example.com', timezone: 'Asia/Tokyo' };
  const created = await api.send('POST', '/users', { body });
  expect(created.status).toBe(201);
  const zoe = {
    id: expect.any(String),
    name: 'Zoe',
    email: 'zoe@example.com',
    role: 'member',
    timezone: 'Asia/Tokyo',
    calendarConnected: false,
  };
  expect(created.body).toEqual(zoe);
  const path = created.headers.get('Location')!;
  const changed = await api.send('PUT', path, { body: { role: 'admin' } });
  expect(changed.body).toEqual({ ...zoe, role: 'admin' });
  expect((await api.send('GET', path)).body).toEqual(changed.body);
  expect((await api.send('DELETE', path)).status).toBe(204);
  for (const method of ['GET', 'DELETE']) expect((await api.send(method, path)).status).toBe(404);
});

test('an address belongs to one user, whoever comes first', async () => {
  const send = () => api.send('POST', '/users', { body: { name: 'x', email: 'twice@example.com' } });
  const answers = await Promise.all([send(), send(), send()]);
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  const other = await addUser(api.knex);
  const { status, body } = await api.send('PUT', `/users/${other.id}`, {
    body: { email: 'TWICE@example.com' },
  });
  expect([status, body.code]).toEqual([409, 'email-taken']);
});

test('a change of nothing is fine', async () => {
  const ben = await addUser(api.knex);
  const { status, body } = await api.send('PUT', `/users/${ben.id}`, { body: {} });
  expect([status, body.name]).toEqual([200, 'Ben Ode']);
});

test('whoever owns meetings stays', async () => {
  const { id } = await addUser(api.knex);
  await addMeeting(api.knex, { ownerId: id });
  const { status, body } = await api.send('DELETE', `/users/${id}`);
  expect([status, body.code]).toEqual([409, 'user-owns-meetings']);
});

test('the tasks of a deleted user lose their owner, and the world is told', async () => {
  const ben = await addUser(api.knex);
  const meeting = await addMeeting(api.knex);
  const task = await addTask(api.knex, { ownerId: ben.id, meetingId: meeting.id, agreed: true });
  expect((await api.send('DELETE', `/users/${ben.id}`)).status).toBe(204);
  const orphan = await Task.query(api.knex).findById(task.id).throwIfNotFound();
  expect([orphan.ownerId, orphan.version, orphan.agreed]).toEqual([null, 2, false]);
  const events = await MeetingEvent.query(api.knex).where({ meetingId: meeting.id });
  expect(events.map(({ data }) => data)).toEqual([{ taskId: task.id, change: 'updated' }]);
  const handle = api.deps.temporal.workflow.getHandle(`task-${task.id}`);
  expect((await handle.describe()).status.name).toBe('RUNNING');
});

test('the role of oneself stays', async () => {
  const { status, body } = await api.send('PUT', `/users/${LOCAL_USER.id}`, { body: { role: 'member' } });
  expect([status, body.code]).toEqual([409, 'not-on-yourself']);
});

describe('who moves to another time zone', () => {
  const reminder = { remindAt: new Date('2099-01-01T08:00:00Z'), remindOf: '2099-01-02' };
  const behind = async () =>
    (await Task.query(api.knex).whereRaw('synced_version < version and remind_at is not null')).map(
      ({ id }) => id,
    );
  const run = (task: Task) => api.deps.temporal.workflow.getHandle(taskSyncId(task.id)).describe();

  test('has their reminders counted again, and nobody else’s', async () => {
    const [{ id: ownerId }, other] = [await addUser(api.knex), await addUser(api.knex)];
    const [task] = [
      await addTask(api.knex, { ownerId, ...reminder }),
      await addTask(api.knex, { ownerId }),
      await addTask(api.knex, { ownerId: other.id, ...reminder }),
      await addTask(api.knex, { ownerId, ...reminder, deletedAt: new Date() }),
    ];
    const put = (body: object) => api.send('PUT', `/users/${ownerId}`, { body, as: ownerId });
    await put({ name: 'Benjamin', timezone: 'UTC' });
    expect(await behind()).toEqual([]);
    await put({ timezone: 'Asia/Tokyo' });
    expect(await behind()).toEqual([task.id]);
    expect((await run(task)).status.name).toBe('RUNNING');
  });
});

describe('a member', () => {
  test('changes their own name and time zone, nothing else', async () => {
    const { id } = await addUser(api.knex);
    const put = (body: object) => api.send('PUT', `/users/${id}`, { body, as: id });
    expect((await put({ name: 'Benjamin', timezone: 'Europe/Berlin' })).body).toMatchObject({
      name: 'Benjamin',
    });
    for (const body of [{ role: 'admin' }, { email: 'x@example.com' }])
      expect((await put(body)).status).toBe(404);
    const onOthers = await api.send('PUT', `/users/${LOCAL_USER.id}`, { body: { name: 'x' }, as: id });
    expect(onOthers.status).toBe(404);
  });

  test('neither adds nor deletes', async () => {
    const { id } = await addUser(api.knex);
    const other = await addUser(api.knex);
    const added = await api.send('POST', '/users', { body: { name: 'x', email: 'new@example.com' }, as: id });
    const deleted = await api.send('DELETE', `/users/${other.id}`, { as: id });
    expect([added.status, deleted.status]).toEqual([404, 404]);
  });

  test('sees themselves and whoever shares a meeting', async () => {
    const [ben, zoe, stranger] = await Promise.all([addUser(api.knex), addUser(api.knex), addUser(api.knex)]);
    const meeting = await addMeeting(api.knex, { ownerId: zoe.id });
    await addParticipant(api.knex, meeting, ben);
    const { body } = await api.send('GET', '/users', { as: ben.id });
    const ids = body.data.map(({ id }: { id: string }) => id).sort();
    expect(ids).toEqual([ben.id, zoe.id].sort());
    expect((await api.send('GET', `/users/${stranger.id}`, { as: ben.id })).status).toBe(404);
  });
});
