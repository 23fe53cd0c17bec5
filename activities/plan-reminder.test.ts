import { raw } from 'objection';
import { Delivery } from '../src/models/delivery';
import { Meeting } from '../src/models/meeting';
import { Task } from '../src/models/task';
import { User } from '../src/models/user';
import { ActivityBench } from '../test/support/activity-bench';
import { insertMeeting, insertUser } from '../test/support/meetings';

const AT = '2026-11-26T09:00:00Z';
const EARLY = '2026-11-20T12:00:00Z';
let bench: ActivityBench;
let ben: User;

beforeAll(async () => {
  bench = await ActivityBench.open();
});
afterAll(() => bench.close());
beforeEach(async () => {
  ben = await insertUser(bench.db, 'Ben');
});

/** A task whose owner knows of it, due on the 27th. */
async function taskWith(fields: Partial<Task> = {}): Promise<Task> {
  const { id: meetingId } = await insertMeeting(bench.db);
  const task = await Task.query(bench.db).insertAndFetch({
    meetingId,
    name: 'Write the draft',
    ownerId: ben.id,
    origin: 'ai',
    deadlineDate: '2026-11-27',
    deadlineTimezone: 'UTC',
    ...fields,
  });
  const told = { channel: 'email', kind: 'assigned', taskVersion: 1, state: 'sent' } as const;
  await Delivery.query(bench.db).insert({ ...told, taskId: task.id, userId: ben.id });
  return task;
}

/** When the reminder will come, if it is this time now. */
async function planAt(task: Task, now: string): Promise<string | null> {
  const { remindAtMs } = await bench.run('planTask', { taskId: task.id, nowMs: Date.parse(now) });
  return remindAtMs === null ? null : new Date(remindAtMs).toISOString().replace('.000', '');
}
const change = (task: Task, fields: Partial<Task>) =>
  Task.query(bench.db)
    .findById(task.id)
    .patch({ ...fields, version: raw('version + 1') });
const moveTo = (timezone: string) => User.query(bench.db).findById(ben.id).patch({ timezone });
const ordered = async (task: Task) =>
  (await Delivery.query(bench.db).where({ taskId: task.id, kind: 'reminder' }).orderBy('deadline')).map(
    ({ deadline }) => deadline,
  );

it('is noted on the row, ordered when its time has come, and then over', async () => {
  const task = await taskWith();
  expect(await planAt(task, EARLY)).toBe(AT);
  expect(await Task.query(bench.db).findById(task.id)).toMatchObject({
    remindAt: new Date(AT),
    remindOf: '2026-11-27',
  });
  expect(await planAt(task, '2026-11-26T08:59:59.999Z')).toBe(AT);
  expect(await ordered(task)).toEqual([]);
  expect(await planAt(task, AT)).toBeNull();
  expect(await Task.query(bench.db).findById(task.id)).toMatchObject({ remindAt: null, remindOf: null });
  expect(await planAt(task, AT)).toBeNull();
  expect(await ordered(task)).toEqual(['2026-11-27']);
});

it('is ordered once by ten who plan at once', async () => {
  const task = await taskWith();
  await planAt(task, EARLY);
  await Promise.all(Array.from({ length: 10 }, () => planAt(task, AT)));
  expect(await ordered(task)).toEqual(['2026-11-27']);
});

it('comes late when nothing ran at its hour, but not when the deadline is over', async () => {
  const [late, over] = [await taskWith(), await taskWith()];
  for (const task of [late, over]) await planAt(task, EARLY);
  expect(await planAt(late, '2026-11-27T23:59:59Z')).toBeNull();
  expect(await planAt(over, '2026-11-28T00:00:00Z')).toBeNull();
  expect([await ordered(late), await ordered(over)]).toEqual([['2026-11-27'], []]);
});

it('is none when its hour was over before anybody planned it: told late, or moved closer', async () => {
  const [told, moved] = [await taskWith(), await taskWith({ deadlineDate: '2026-12-24' })];
  expect(await planAt(told, '2026-11-26T09:00:01Z')).toBeNull();
  await planAt(moved, EARLY);
  await change(moved, { deadlineDate: '2026-11-27' });
  expect(await planAt(moved, '2026-11-26T14:00:00Z')).toBeNull();
  expect([await ordered(told), await ordered(moved)]).toEqual([[], []]);
});

it('moves with its owner’s clock; what that has overtaken comes at once', async () => {
  const task = await taskWith();
  await planAt(task, EARLY);
  await moveTo('America/New_York');
  expect(await planAt(task, AT)).toBe('2026-11-26T14:00:00Z');
  await moveTo('Asia/Tokyo');
  expect(await planAt(task, AT)).toBeNull();
  await moveTo('America/New_York');
  expect(await planAt(task, AT)).toBeNull();
  expect(await ordered(task)).toEqual(['2026-11-27']);
});

it.each<[string, Partial<Task>]>([
  ['done', { status: 'done' }],
  ['cancelled', { status: 'cancelled' }],
  ['deleted', { deletedAt: new Date() }],
  ['nobody’s', { ownerId: null }],
  ['without a deadline', { deadlineDate: null }],
  ['to be looked at', { needsReview: true }],
])('ends with a task that is %s', async (_, fields) => {
  const task = await taskWith();
  await planAt(task, EARLY);
  await change(task, fields);
  expect(await planAt(task, EARLY)).toBeNull();
  expect(await planAt(task, AT)).toBeNull();
  expect(await ordered(task)).toEqual([]);
});

it('ends with its meeting, and is none of a task that nobody was told of', async () => {
  const [gone, quiet] = [await taskWith(), await taskWith()];
  await planAt(gone, EARLY);
  await Meeting.query(bench.db).findById(gone.meetingId!).patch({ deletedAt: new Date() });
  await Delivery.query(bench.db).where({ taskId: quiet.id }).delete();
  expect(await planAt(gone, AT)).toBeNull();
  expect(await planAt(quiet, EARLY)).toBeNull();
  expect([await ordered(gone), await ordered(quiet)]).toEqual([[], []]);
});

it('outlives its readers: two owners who are deleted leave their lines in the ledger', async () => {
  const task = await taskWith();
  await planAt(task, EARLY);
  await planAt(task, AT);
  const carol = await insertUser(bench.db, 'Carol');
  await Delivery.query(bench.db).insert({
    ...{ channel: 'email', kind: 'reminder', taskVersion: 2, deadline: '2026-11-27' },
    taskId: task.id,
    userId: carol.id,
  });
  await User.query(bench.db).deleteById(ben.id);
  await User.query(bench.db).deleteById(carol.id);
  expect(await ordered(task)).toEqual(['2026-11-27', '2026-11-27']);
});
