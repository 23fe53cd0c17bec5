import { randomUUID } from 'node:crypto';
import { CalendarEventRow } from '../src/models/calendar-event';
import { Delivery } from '../src/models/delivery';
import { Meeting } from '../src/models/meeting';
import { Task } from '../src/models/task';
import type { User } from '../src/models/user';
import { ActivityBench } from '../test/support/activity-bench';
import { insertMeeting, insertUser } from '../test/support/meetings';

let bench: ActivityBench;
let ben: User;

beforeAll(async () => {
  bench = await ActivityBench.open();
  ben = await insertUser(bench.db, 'Ben');
});
afterAll(() => bench.close());

interface Given {
  task?: Partial<Task>;
  notify?: 'auto' | 'manual';
  meeting?: Partial<Meeting>;
}

/** A task for which everything speaks, but for what is `given`. */
async function taskWith({ task = {}, notify = 'auto', meeting = {} }: Given = {}): Promise<Task> {
  const { id } = await insertMeeting(bench.db, { notify });
  if (Object.keys(meeting).length > 0) await Meeting.query(bench.db).findById(id).patch(meeting);
  return Task.query(bench.db).insertAndFetch({
    meetingId: id,
    name: 'Write the draft',
    ownerId: ben.id,
    origin: 'ai',
    agreed: true,
    deadlineDate: '2025-10-17',
    ...task,
  });
}

const NOTHING = { version: 0, mails: [], more: false, calendar: false, entries: [], remindAtMs: null };
const plan = (task: Task) => bench.run('planTask', { taskId: task.id, nowMs: Date.now() });
const ledger = async (task: Task) => {
  const rows = await Delivery.query(bench.db)
    .where({ taskId: task.id })
    .orderBy(['channel', 'task_version', 'created_at']);
  return rows.map(({ channel, state, taskVersion }) => `${channel} ${state} v${taskVersion}`);
};
const deliver = (task: Task, fields: Partial<Delivery> = {}) =>
  Delivery.query(bench.db).insertAndFetch({
    taskId: task.id,
    userId: task.ownerId,
    channel: 'email',
    kind: 'assigned',
    taskVersion: task.version,
    ...fields,
  });

describe('a task enters the world by itself', () => {
  const BOTH = ['calendar pending v1', 'email pending v1'];

  it.each<[string, Given, string[]]>([
    ['when everything speaks for it', {}, BOTH],
    ['also while it is worked on', { task: { status: 'in_progress' } }, BOTH],
    [
      'with a moment as its deadline',
      {
        task: {
          deadlineDate: null,
          deadlineAt: new Date('2025-10-17T13:00:00Z'),
          deadlineTimezone: 'Europe/Berlin',
        },
      },
      BOTH,
    ],
    ['by mail alone without a deadline', { task: { deadlineDate: null } }, ['email pending v1']],
    ['also when a person wrote it into a meeting and the owner agreed', { task: { origin: 'human' } }, BOTH],
  ])('%s', async (_, given, expected) => {
    const task = await taskWith(given);
    const { mails, entries, calendar, version } = await plan(task);
    expect(await ledger(task)).toEqual(expected);
    expect([mails.length, entries.length]).toEqual([1, expected.length - 1]);
    expect(calendar).toBe(expected.length === 2);
    expect(version).toBe(1);
  });
});

describe('a task stays to itself', () => {
  it.each<[string, Given]>([
    ['when its owner did not agree', { task: { agreed: false } }],
    ['while a person must look at it', { task: { needsReview: true } }],
    ['when nobody owns it', { task: { ownerId: null, ownerText: 'Ben' } }],
    ['when it is done', { task: { status: 'done' } }],
    ['when it is cancelled', { task: { status: 'cancelled' } }],
    ['when it is deleted', { task: { deletedAt: new Date() } }],
    ['when it is of no meeting', { task: { meetingId: null } }],
    ['when the uploader wants to send by hand', { notify: 'manual' }],
    ['when its meeting is deleted', { meeting: { deletedAt: new Date() } }],
  ])('%s', async (_, given) => {
    const task = await taskWith(given);
    expect(await plan(task)).toEqual({ ...NOTHING, version: 1 });
    expect(await ledger(task)).toEqual([]);
  });
});

describe('once', () => {
  it('however often and at once it is planned', async () => {
    const task = await taskWith();
    const plans = await Promise.all(Array.from({ length: 5 }, () => plan(task)));
    expect(await ledger(task)).toHaveLength(2);
    expect(new Set(plans.map(({ mails }) => mails.join())).size).toBe(1);
  });

  it.each(['sent', 'failed', 'unknown'] as const)(
    'for its owner, also when that mail is %s and the task has changed since',
    async (state) => {
      const task = await taskWith({ task: { deadlineDate: null } });
      await deliver(task, { state });
      await Task.query(bench.db).findById(task.id).patch({ name: 'Changed', version: 2 });
      expect(await plan(task)).toMatchObject({ version: 2, mails: [] });
      expect(await ledger(task)).toEqual([`email ${state} v1`]);
    },
  );

  it('and once more for a new owner', async () => {
    const task = await taskWith({ task: { deadlineDate: null } });
    const [first] = (await plan(task)).mails;
    await Delivery.query(bench.db).findById(first!).patch({ state: 'sent' });
    const carol = await insertUser(bench.db, 'Carol');
    await Task.query(bench.db).findById(task.id).patch({ ownerId: carol.id, version: 2 });
    const [second] = (await plan(task)).mails;
    expect(await Delivery.query(bench.db).findById(second!)).toMatchObject({ userId: carol.id });
    expect(await ledger(task)).toEqual(['email sent v1', 'email pending v2']);
  });

  it('on the calendar when a deadline comes later, without another mail', async () => {
    const task = await taskWith({ task: { deadlineDate: null } });
    const [mail] = (await plan(task)).mails;
    await Delivery.query(bench.db).findById(mail!).patch({ state: 'sent' });
    await Task.query(bench.db).findById(task.id).patch({ deadlineDate: '2025-10-20', version: 2 });
    expect(await plan(task)).toMatchObject({ mails: [], calendar: true, entries: [expect.any(String)] });
    expect(await ledger(task)).toEqual(['calendar pending v2', 'email sent v1']);
  });
});

describe('the plan', () => {
  it('takes up what a person has ordered, also of a task that would not go by itself', async () => {
    const task = await taskWith({ task: { agreed: false } });
    const mail = await deliver(task, { requestedBy: ben.id });
    const entry = await deliver(task, { channel: 'calendar', requestedBy: ben.id });
    expect(await plan(task)).toEqual({
      ...NOTHING,
      version: 1,
      mails: [mail.id],
      calendar: true,
      entries: [entry.id],
    });
  });

  it('takes up a mail whose sender was cut off, so that its fate is settled', async () => {
    const task = await taskWith({ task: { agreed: false } });
    const cut = await deliver(task, { state: 'sending' });
    expect((await plan(task)).mails).toEqual([cut.id]);
  });

  it('keeps the calendar in step as long as an entry stands', async () => {
    const task = await taskWith({ task: { status: 'done' } });
    const row = { taskId: task.id, userId: ben.id, generation: 1, provider: 'local' };
    const { id } = await CalendarEventRow.query(bench.db).insertAndFetch({ ...row, eventId: randomUUID() });
    expect((await plan(task)).calendar).toBe(true);
    await CalendarEventRow.query(bench.db).findById(id).patch({ removedAt: new Date() });
    expect((await plan(task)).calendar).toBe(false);
  });

  it('of a task that there is not is empty', async () => {
    expect(await bench.run('planTask', { taskId: randomUUID(), nowMs: Date.now() })).toEqual(NOTHING);
  });
});
