/** A user leaves, and so do the entries on their calendar: by a real worker, and while it is away. */
import { CalendarEventRow } from '../src/models/calendar-event';
import { Task } from '../src/models/task';
import { User } from '../src/models/user';
import { startTestApi, type TestApi } from '../test/support/api';
import { startTestPipeline, type TestPipeline } from '../test/support/pipeline';
import { waitingForLocks } from '../test/support/locks';
import { eventually } from '../test/support/poll';
import { addMeeting, addTask, addUser } from '../test/support/rows';

let pipeline: TestPipeline;
let api: TestApi;
beforeAll(async () => {
  pipeline = await startTestPipeline();
  const { database, temporal } = pipeline;
  const identify = () => User.query(database.knex).findOne({ role: 'admin' }).throwIfNotFound().execute();
  api = await startTestApi({ db: database.knex, temporal: temporal.client, identify });
}, 120_000);
afterAll(async () => {
  await api.close();
  await pipeline.close();
});

const db = () => pipeline.database.knex;
const isThere = async ({ id }: User) => (await User.query(db()).findById(id)) !== undefined;

test('their entries leave the calendar before they go', async () => {
  const ben = await addUser(db());
  const task = await addTask(db(), { ownerId: ben.id, deadlineDate: '2030-01-15', deadlineTimezone: 'UTC' });
  const told = await api.send('POST', `/notify/${task.id}`, {
    body: { channels: ['calendar'] },
    headers: { Prefer: 'wait=20' },
  });
  expect([told.status, told.body.deliveries[0].state]).toEqual([200, 'sent']);
  expect(pipeline.calendars()[ben.id]).toContain('SUMMARY:Send the report');
  expect((await api.send('DELETE', `/users/${ben.id}`)).status).toBe(204);
  expect(pipeline.calendars()[ben.id] ?? '').not.toContain('SUMMARY');
  const [entry] = await CalendarEventRow.query(db()).where({ taskId: task.id });
  expect(entry).toMatchObject({ userId: null, removedAt: expect.any(Date) });
  expect(await isThere(ben)).toBe(false);
});

/** Stands on a calendar, and no worker hears of it. */
async function withEntry(owner: User): Promise<{ task: Task; entry: CalendarEventRow }> {
  const task = await addTask(db(), {
    ownerId: owner.id,
    deadlineDate: '2030-01-15',
    deadlineTimezone: 'UTC',
  });
  const facts = { taskId: task.id, userId: owner.id, generation: 1, provider: 'local' };
  const entry = await CalendarEventRow.query(db()).insertAndFetch({ ...facts, eventId: `e${task.id}` });
  return { task, entry };
}

describe('while no worker runs', () => {
  let alone: TestApi;
  beforeAll(async () => {
    alone = await startTestApi({ db: db(), identify: api.deps.identify! });
  });
  afterAll(() => alone.close());

  test('the request waits a moment, says that it goes on later, and does', async () => {
    const ben = await addUser(db());
    const { task } = await withEntry(ben);
    const { status, headers, body } = await alone.send('DELETE', `/users/${ben.id}`);
    expect([status, body.code, headers.get('Retry-After')]).toEqual([503, 'service-unavailable', '5']);
    expect(await isThere(ben)).toBe(true);
    const orphan = await Task.query(db()).findById(task.id).throwIfNotFound();
    expect([orphan.ownerId, orphan.version]).toEqual([null, 2]);
    await db()('tasks').where({ id: task.id }).update({ synced_version: 2 });
    await db()('calendar_events').where({ task_id: task.id }).update({ removed_at: new Date() });
    expect((await alone.send('DELETE', `/users/${ben.id}`)).status).toBe(204);
  }, 20_000);

  test('the request notices when the entry goes meanwhile', async () => {
    const ben = await addUser(db());
    const { task, entry } = await withEntry(ben);
    const asked = alone.send('DELETE', `/users/${ben.id}`);
    await eventually(async () => (await Task.query(db()).findById(task.id))?.version === 2);
    expect(await isThere(ben)).toBe(true);
    await CalendarEventRow.query(db()).findById(entry.id).patch({ removedAt: new Date() });
    expect((await asked).status).toBe(204);
  });

  test('an entry that can not be taken away keeps nobody here', async () => {
    const ben = await addUser(db());
    const { task } = await withEntry(ben);
    const asked = alone.send('DELETE', `/users/${ben.id}`);
    await eventually(async () => (await Task.query(db()).findById(task.id))?.version === 2);
    await db()('tasks').where({ id: task.id }).update({ synced_version: 2 });
    expect((await asked).status).toBe(204);
  });

  test('who changes a task and gives it to that user at this moment is not in the way', async () => {
    const ben = await addUser(db());
    const meeting = await addMeeting(db());
    const task = await addTask(db(), { ownerId: ben.id, meetingId: meeting.id });
    const changing = await db().transaction();
    await changing('meetings').where({ id: meeting.id }).forUpdate();
    const asked = alone.send('DELETE', `/users/${ben.id}`);
    await eventually(async () => (await waitingForLocks(db())) > 0);
    await changing('tasks').insert({ name: 'Another', owner_id: ben.id, origin: 'human', synced_version: 1 });
    await changing.commit();
    expect((await asked).status).toBe(204);
    const orphans = await Task.query(db()).whereIn('name', ['Another', task.name]).where({ ownerId: ben.id });
    expect(orphans).toEqual([]);
    expect(await Task.query(db()).findOne({ name: 'Another' })).toMatchObject({ ownerId: null, version: 2 });
  });

  test.each(['PUT', 'POST'])('who is on the way out is given no task by %s', async (method) => {
    const [ben, task] = [await addUser(db()), await addTask(db())];
    const deleting = await db().transaction();
    await deleting('users').where({ id: ben.id }).delete();
    const giving =
      method === 'PUT'
        ? alone.send('PUT', `/tasks/${task.id}`, { body: { owner: ben.id } })
        : alone.send('POST', '/tasks', { body: { name: 'For Ben', owner: ben.id } });
    await eventually(async () => (await waitingForLocks(db())) > 0);
    await deleting.commit();
    const { status, body } = await giving;
    expect([status, body.errors]).toEqual([400, [expect.objectContaining({ code: 'reference.unknown' })]]);
    expect(await Task.query(db()).findOne({ name: 'For Ben' })).toBeUndefined();
  });

  test('two who delete the same user: one has done it, the other finds nobody', async () => {
    const ben = await addUser(db());
    const answers = await Promise.all([1, 2].map(() => alone.send('DELETE', `/users/${ben.id}`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404]);
  });
});
