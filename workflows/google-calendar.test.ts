import { CalendarEventRow } from '../src/models/calendar-event';
import { Delivery } from '../src/models/delivery';
import { Task } from '../src/models/task';
import { User } from '../src/models/user';
import { signalTaskChanged } from '../src/temporal/runs';
import { sealGrant } from '../src/providers/google/grant';
import { PER_USER } from '../test/support/google-calendar';
import { readHistory } from '../test/support/history';
import { insertMeeting, insertUser } from '../test/support/meetings';
import { startTestPipeline, type TestPipeline } from '../test/support/pipeline';
import { eventually } from '../test/support/poll';
import { apiError, CLIENT, GoogleStandIn } from '../test/support/vendors/google';
import type { Choose, Misbehaviour } from '../test/support/vendors/stand-in';
import { taskSyncId } from './messages';

const google = new GoogleStandIn();
let pipeline: TestPipeline;
let ben: User;
let carol: User;

beforeAll(async () => {
  await google.listen();
  pipeline = await startTestPipeline({
    env: {
      GOOGLE_CLIENT_ID: CLIENT.clientId,
      GOOGLE_CLIENT_SECRET: CLIENT.clientSecret,
      CALENDAR_TOKEN_KEY: PER_USER.tokenKey,
      GOOGLE_BASE_URL: google.url,
      GOOGLE_TOKEN_URL: google.tokenUrl,
    },
  });
}, 120_000);
afterAll(async () => {
  await pipeline.close();
  await google.close();
});
beforeEach(async () => {
  google.clear();
  ben = await insertUser(db(), 'Ben');
  carol = await insertUser(db(), 'Carol');
  await connect(ben);
  await connect(carol);
});
afterEach(() => expect(google.violations).toEqual([]));

const db = () => pipeline.database.knex;

const connect = (user: User) =>
  User.query(db())
    .findById(user.id)
    .patch({
      calendarGrant: sealGrant(google.tokens.refreshTokenOf(user.email), user.id, PER_USER.tokenKey),
    });

async function newTask(fields: Partial<Task> = {}): Promise<Task> {
  const meeting = await insertMeeting(db());
  const task = await Task.query(db()).insertAndFetch({
    meetingId: meeting.id,
    name: 'Fix the payment tests',
    ownerId: ben.id,
    origin: 'ai',
    agreed: true,
    deadlineDate: '2025-10-17',
    deadlineTimezone: 'UTC',
    ...fields,
  });
  await inStep(task);
  return task;
}

/** Tells TaskSync of the row as it is now and waits until the world knows it. */
async function inStep(task: Task): Promise<void> {
  await signalTaskChanged(pipeline.temporal.client, task.id);
  await eventually(async () => {
    const run = await pipeline.temporal.client.workflow.getHandle(taskSyncId(task.id)).describe();
    return run.status.name === 'COMPLETED';
  });
}

async function change(task: Task, fields: Partial<Task>): Promise<void> {
  const { version } = await Task.query(db()).findById(task.id).throwIfNotFound();
  await Task.query(db())
    .findById(task.id)
    .patch({ ...fields, version: version + 1 });
  await inStep(task);
}

const shown = (user: User) => google.events(user.email).map(({ summary, start }) => [summary, start.date]);
const SHOWN = [['Fix the payment tests', '2025-10-17']];

const delivery = (task: Task) =>
  Delivery.query(db()).findOne({ taskId: task.id, channel: 'calendar' }).throwIfNotFound();

describe('a task on the Google calendar of its owner', () => {
  it('stands there once, however often it is signalled', async () => {
    const task = await newTask();
    for (let time = 0; time < 3; time++) await inStep(task);
    expect(shown(ben)).toEqual(SHOWN);
    expect(google.calls().filter((call) => call === 'POST')).toHaveLength(1);
    expect((await delivery(task)).state).toBe('sent');
  });

  it('moves with its deadline, under the same id', async () => {
    const task = await newTask();
    const [before] = google.events(ben.email);
    const deadlineAt = new Date('2025-10-20T13:00:00Z');
    await change(task, { deadlineDate: null, deadlineAt, deadlineTimezone: 'Europe/Berlin' });
    const [after] = google.events(ben.email);
    expect(after!.id).toBe(before!.id);
    expect(after!.start).toEqual({ dateTime: '2025-10-20T15:00:00+02:00', timeZone: 'Europe/Berlin' });
  });

  it('moves to the calendar of a new owner', async () => {
    const task = await newTask();
    await change(task, { ownerId: carol.id });
    expect([shown(ben), shown(carol)]).toEqual([[], SHOWN]);
  });

  it.each([
    ['cancelled', { status: 'cancelled' as const }],
    ['deleted', { deletedAt: new Date() }],
    ['without a deadline', { deadlineDate: null }],
    ['without an owner', { ownerId: null }],
  ])('leaves it when it is %s', async (_, fields) => {
    const task = await newTask();
    await change(task, fields);
    expect(shown(ben)).toEqual([]);
    expect(google.everything(ben.email)).toHaveLength(1);
  });

  it('comes back under a new id when it is opened again, or was deleted by hand', async () => {
    const task = await newTask();
    await change(task, { status: 'cancelled' });
    await change(task, { status: 'open' });
    expect(shown(ben)).toEqual(SHOWN);
    google.deleteByHand(ben.email, google.events(ben.email)[0]!.id);
    await change(task, { deadlineDate: '2025-10-21' });
    expect(shown(ben)).toEqual([['Fix the payment tests', '2025-10-21']]);
    const rows = await CalendarEventRow.query(db()).where({ taskId: task.id }).orderBy('generation');
    expect(rows.map(({ generation, removedAt }) => [generation, removedAt === null])).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
  });
});

describe('an owner whose calendar is out of reach', () => {
  it('is told so when they never connected, and has the entry once they do', async () => {
    await User.query(db()).findById(ben.id).patch({ calendarGrant: null });
    const task = await newTask();
    expect(await delivery(task)).toMatchObject({
      state: 'failed',
      error: { code: 'calendar-not-connected', message: expect.stringContaining('/calendar/connect') },
    });
    expect(google.ledger).toEqual([]);
    await connect(ben);
    await inStep(task);
    expect(shown(ben)).toEqual(SHOWN);
    expect((await delivery(task)).state).toBe('sent');
  });

  it('is shown as disconnected after they took the access back', async () => {
    google.tokens.revoke(ben.email);
    const task = await newTask();
    expect((await delivery(task)).error).toMatchObject({ code: 'calendar-not-connected' });
    expect((await User.query(db()).findById(ben.id))!.calendarGrant).toBeNull();
    expect([google.tokenCalls(), google.calls()]).toEqual([1, []]);
  });

  it('keeps nobody else from having the task; the old entry goes when they connect again', async () => {
    const task = await newTask();
    await User.query(db()).findById(ben.id).patch({ calendarGrant: null });
    await change(task, { ownerId: carol.id });
    expect([shown(ben), shown(carol)]).toEqual([SHOWN, SHOWN]);
    await connect(ben);
    await inStep(task);
    expect([shown(ben), shown(carol)]).toEqual([[], SHOWN]);
  });
});

/** The first call of the calendar with this method goes wrong. */
function onceAt(wanted: string, misbehaviour: Misbehaviour): Choose {
  let seen = 0;
  return ({ method, path }) =>
    method === wanted && path !== '/token' && seen++ === 0 ? misbehaviour : undefined;
}

describe('trouble at Google', () => {
  it('that passes is waited for as told', async () => {
    google.choose = onceAt('POST', { answer: apiError(403, 'rateLimitExceeded', { 'Retry-After': '1' }) });
    const task = await newTask();
    expect(shown(ben)).toEqual(SHOWN);
    const [first, second] = google.ledger.filter(({ method }) => method === 'GET');
    expect(second!.atMs - first!.atMs).toBeGreaterThanOrEqual(1000);
    expect((await delivery(task)).state).toBe('sent');
  });

  it('that stays fails the delivery after one call, with what to do', async () => {
    google.choose = ({ path }) => (path === '/token' ? undefined : { answer: apiError(403, 'forbidden') });
    const task = await newTask();
    expect(google.calls()).toEqual(['GET']);
    expect((await delivery(task)).error).toEqual({
      code: 'calendar-forbidden',
      message: expect.stringMatching(/enable the Calendar API/),
    });
  });

  it('in answers that can not be read is given up after three tries', async () => {
    const answer = { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>canary</h1>' };
    google.choose = ({ path }) => (path === '/token' ? undefined : { answer });
    const task = await newTask();
    expect(google.calls()).toEqual(['GET', 'GET', 'GET']);
    expect(await delivery(task)).toMatchObject({ state: 'failed', error: { code: 'bad-response' } });
    const { text } = await readHistory(pipeline.temporal.client, taskSyncId(task.id));
    expect(text).not.toMatch(/canary|payment|@example\.com|ya29/);
  });

  it('that lost the answer leaves one entry', async () => {
    google.choose = onceAt('POST', { reset: true });
    await newTask();
    expect(shown(ben)).toEqual(SHOWN);
    expect(google.everything(ben.email)).toHaveLength(1);
  });
});
