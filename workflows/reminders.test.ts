/** Reminders, on a server whose clock is turned forward; everything else is as in production. */
import { DateTime } from 'luxon';
import { Delivery } from '../src/models/delivery';
import { Task } from '../src/models/task';
import { User } from '../src/models/user';
import { signalTaskChanged } from '../src/temporal/runs';
import { insertMeeting, insertUser } from '../test/support/meetings';
import { startTestPipeline, type TestPipeline } from '../test/support/pipeline';
import { eventually } from '../test/support/poll';
import { skippingTemporal, type SkippingTemporal } from '../test/support/time-skipping';
import { taskSyncId } from './messages';

const PATIENT = { deadlineMs: 60_000 };
let temporal: SkippingTemporal;
let pipeline: TestPipeline;
let ben: User;

beforeAll(async () => {
  const openTemporal = async () => (temporal = await skippingTemporal());
  pipeline = await startTestPipeline({ openTemporal });
}, 180_000);
afterAll(() => pipeline.close());
beforeEach(async () => {
  ben = await insertUser(db(), 'Ben');
});
jest.setTimeout(120_000);

const db = () => pipeline.database.knex;
const now = async () => DateTime.fromMillis(await temporal.nowMs(), { zone: 'UTC' });
const dayIn = async (days: number) => (await now()).plus({ days }).toISODate();
/** Nine o'clock UTC on the day before, and a minute, which the mail is given to go out. */
const morningBefore = (day: string | null) =>
  DateTime.fromISO(day!, { zone: 'UTC' }).minus({ days: 1 }).set({ hour: 9, minute: 1 }).toMillis();

async function newTask(fields: Partial<Task> = {}): Promise<Task> {
  const meeting = await insertMeeting(db());
  const task = await Task.query(db()).insertAndFetch({
    meetingId: meeting.id,
    name: `Water the plants of ${meeting.id}`,
    ownerId: ben.id,
    origin: 'ai',
    agreed: true,
    deadlineTimezone: 'UTC',
    ...fields,
  });
  await inStep(task);
  return task;
}

/** Tells the run of the row as it is now and waits until it has been through with it. */
async function inStep(task: Task): Promise<void> {
  await Task.query(db()).findById(task.id).patch({ syncedVersion: 0 });
  await signalTaskChanged(temporal.client, task.id);
  await eventually(async () => {
    const { version, syncedVersion } = await load(task);
    return version === syncedVersion;
  }, PATIENT);
}

async function change(task: Task, fields: Partial<Task>): Promise<void> {
  const { version } = await load(task);
  await Task.query(db())
    .findById(task.id)
    .patch({ ...fields, version: version + 1 });
  await inStep(task);
}

const load = (task: Task) => Task.query(db()).findById(task.id).throwIfNotFound().execute();
const mails = (task: Task, kind: string) =>
  pipeline
    .outbox()
    .filter((mail) => mail.includes(`X-Task-Id: ${task.id}`) && mail.includes(`X-Kind: ${kind}`));
const reminders = (task: Task) => mails(task, 'reminder').length;
const entries = (task: Task) => {
  const all = Object.values(pipeline.calendars()).join('').replaceAll('\r\n ', '');
  return all.split(`SUMMARY:${task.name}`).length - 1;
};
const run = (task: Task) => temporal.client.workflow.getHandle(taskSyncId(task.id)).describe();
const isClosed = (task: Task) => eventually(async () => (await run(task)).status.name !== 'RUNNING', PATIENT);
/** Before a run is ended from outside: the server stands still for good for what a worker was at then. */
const waits = (task: Task) =>
  eventually(async () => {
    const { events } = await temporal.client.workflow.getHandle(taskSyncId(task.id)).fetchHistory();
    expect(events?.at(-1)?.timerStartedEventAttributes).toBeTruthy();
  }, PATIENT);
const isReminded = (task: Task, times = 1) => eventually(() => expect(reminders(task)).toBe(times), PATIENT);
/** Goes on to when the reminder of that day would be out, and gives the run the time to do so. */
async function passMorningBefore(day: string | null, task: Task): Promise<void> {
  await temporal.skipTo(morningBefore(day));
  await inStep(task);
}

describe('a reminder', () => {
  it('moves with the deadline, and ends with the task; one calendar entry throughout', async () => {
    const [first, second] = [await dayIn(5), await dayIn(9)];
    const task = await newTask({ deadlineDate: first });
    expect(entries(task)).toBe(1);
    await change(task, { deadlineDate: second });
    expect(entries(task)).toBe(1);
    await passMorningBefore(first, task);
    expect(reminders(task)).toBe(0);
    await change(task, { status: 'done' });
    await isClosed(task);
    expect(entries(task)).toBe(1);
    await passMorningBefore(second, task);
    expect([mails(task, 'assigned').length, reminders(task)]).toEqual([1, 0]);
  });

  it('is one mail, at nine the day before, however often the run is told; then the run ends', async () => {
    const day = await dayIn(5);
    const task = await newTask({ deadlineDate: day });
    expect((await run(task)).status.name).toBe('RUNNING');
    await temporal.skipTo(morningBefore(day) - 120_000);
    await inStep(task);
    expect(reminders(task)).toBe(0);
    await temporal.skipTo(morningBefore(day));
    await isReminded(task);
    await isClosed(task);
    await inStep(task);
    await temporal.skipTo(morningBefore(day) + 3 * 24 * 3600_000);
    await inStep(task);
    expect(reminders(task)).toBe(1);
    const ledger = await Delivery.query(db()).where({ taskId: task.id, kind: 'reminder' });
    expect(ledger).toMatchObject([
      { state: 'sent', attempts: 1, userId: ben.id, deadline: day, channel: 'email' },
    ]);
  });

  it('comes once for a deadline that goes and comes back, and once for each of two', async () => {
    const [first, second] = [await dayIn(4), await dayIn(8)];
    const task = await newTask({ deadlineDate: first });
    for (const deadlineDate of [second, first, second, first]) await change(task, { deadlineDate });
    await temporal.skipTo(morningBefore(first));
    await isReminded(task);
    await change(task, { deadlineDate: second });
    await change(task, { deadlineDate: first });
    await change(task, { deadlineDate: second });
    await temporal.skipTo(morningBefore(second));
    await isReminded(task, 2);
    await change(task, { deadlineDate: first });
    await isClosed(task);
    expect(reminders(task)).toBe(2);
  });

  it.each<[string, Partial<Task>]>([
    ['cancelled', { status: 'cancelled' }],
    ['deleted', { deletedAt: new Date() }],
    ['without an owner', { ownerId: null }],
    ['without a deadline', { deadlineDate: null }],
    ['to be looked at', { needsReview: true }],
  ])('ends with a task that is %s', async (_, fields) => {
    const day = await dayIn(3);
    const task = await newTask({ deadlineDate: day });
    await change(task, fields);
    await isClosed(task);
    await passMorningBefore(day, task);
    await isClosed(task);
    expect(reminders(task)).toBe(0);
  });

  it('goes to the new owner, at nine where they are', async () => {
    const day = await dayIn(4);
    const task = await newTask({ deadlineDate: day });
    const mei = await insertUser(db(), 'Mei');
    await User.query(db()).findById(mei.id).patch({ timezone: 'America/New_York' });
    await change(task, { ownerId: mei.id });
    await passMorningBefore(day, task);
    expect(reminders(task)).toBe(0);
    await temporal.skipTo(morningBefore(day) + 6 * 3600_000);
    await isReminded(task);
    expect(mails(task, 'reminder')[0]).toContain(mei.email);
  });

  it('of a moment comes the day before, too', async () => {
    const day = await dayIn(4);
    const deadlineAt = new Date(`${day}T15:00:00Z`);
    const task = await newTask({ deadlineAt });
    await temporal.skipTo(morningBefore(day));
    await isReminded(task);
  });

  it('is none when its hour is over already, nor of a task that nobody was told of', async () => {
    const tomorrow = await dayIn(1);
    await temporal.skipTo(morningBefore(tomorrow));
    const late = await newTask({ deadlineDate: tomorrow });
    const unknown = await newTask({ deadlineDate: await dayIn(5), agreed: false });
    await Promise.all([isClosed(late), isClosed(unknown)]);
    expect((await load(late)).remindAt).toBeNull();
    expect((await load(unknown)).remindAt).toBeNull();
  });
});

describe('a run that waits', () => {
  it('is lost: the next one, started by anybody, sends what was due meanwhile, while the deadline lasts', async () => {
    const day = await dayIn(3);
    const [task, over] = [await newTask({ deadlineDate: day }), await newTask({ deadlineDate: day })];
    for (const each of [task, over]) {
      await waits(each);
      await temporal.client.workflow.getHandle(taskSyncId(each.id)).terminate('lost');
    }
    await temporal.skipTo(morningBefore(day) + 26 * 3600_000);
    await inStep(task);
    await isReminded(task);
    await temporal.skipTo(morningBefore(day) + 40 * 3600_000);
    await inStep(over);
    await isClosed(over);
    expect(reminders(over)).toBe(0);
  });

  it('waits for years, counting again every month', async () => {
    const far = (await now()).plus({ years: 2 }).toISODate();
    const task = await newTask({ deadlineDate: far });
    await temporal.skipTo(morningBefore(far) - 120_000);
    expect(reminders(task)).toBe(0);
    await temporal.skipTo(morningBefore(far));
    await isReminded(task);
  });
});
