import { randomUUID } from 'node:crypto';
import { CalendarEventRow } from '../src/models/calendar-event';
import { Delivery } from '../src/models/delivery';
import { MeetingEvent } from '../src/models/meeting-event';
import { Task } from '../src/models/task';
import { User } from '../src/models/user';
import type { Calendar } from '../src/ports';
import { ProviderError } from '../src/provider-error';
import { entriesIn } from '../test/support/calendar-entries';
import { ActivityBench } from '../test/support/activity-bench';
import { insertMeeting, insertUser } from '../test/support/meetings';

let bench: ActivityBench;
let ben: User;
let carol: User;

beforeAll(async () => {
  bench = await ActivityBench.open();
});
afterAll(() => bench.close());
beforeEach(async () => {
  ben = await insertUser(bench.db, 'Ben');
  carol = await insertUser(bench.db, 'Carol');
});

async function taskWith(fields: Partial<Task> = {}): Promise<Task> {
  const { id: meetingId } = await insertMeeting(bench.db);
  return Task.query(bench.db).insertAndFetch({
    meetingId,
    name: 'Book a room',
    ownerId: ben.id,
    origin: 'ai',
    deadlineDate: '2025-10-31',
    ...fields,
  });
}

const sync = (task: Task) => bench.run('syncCalendar', task.id);
const change = async (task: Task, fields: Partial<Task>) => {
  await Task.query(bench.db).findById(task.id).patch(fields);
  await sync(task);
};
const ordered = (task: Task, fields: Partial<Delivery> = {}) =>
  Delivery.query(bench.db).insertAndFetch({
    taskId: task.id,
    userId: task.ownerId,
    channel: 'calendar',
    kind: 'assigned',
    taskVersion: 1,
    ...fields,
  });
const load = (delivery: Delivery) => Delivery.query(bench.db).findById(delivery.id).throwIfNotFound();
const rows = (task: Task) =>
  CalendarEventRow.query(bench.db).where({ taskId: task.id }).orderBy('generation');

const entriesOf = (user: User) => entriesIn(bench.calendar(user.id));

it('puts one entry on the owner’s calendar, however often it runs', async () => {
  const task = await taskWith();
  const delivery = await ordered(task);
  for (let time = 0; time < 3; time++) await sync(task);
  expect(entriesOf(ben)).toEqual([{ uid: expect.any(String), summary: 'Book a room', start: '2025-10-31' }]);
  expect(await load(delivery)).toMatchObject({ state: 'sent', provider: 'local', error: null });
  expect(await rows(task)).toMatchObject([{ generation: 1, userId: ben.id, removedAt: null }]);
  const events = await MeetingEvent.query(bench.db).where({ meetingId: task.meetingId, type: 'delivery' });
  expect(events.map(({ data }) => data)).toEqual([{ taskId: task.id, channel: 'calendar', state: 'sent' }]);
});

it('moves the entry with its deadline, under the same id', async () => {
  const task = await taskWith();
  await sync(task);
  const [before] = entriesOf(ben);
  await change(task, { name: 'Book two rooms', deadlineDate: '2025-11-03' });
  expect(entriesOf(ben)).toEqual([{ ...before, summary: 'Book two rooms', start: '2025-11-03' }]);
});

it('shows a moment as a moment', async () => {
  const deadlineAt = new Date('2025-10-31T14:00:00Z');
  await sync(await taskWith({ deadlineDate: null, deadlineAt, deadlineTimezone: 'Europe/Berlin' }));
  expect(entriesOf(ben).map(({ start }) => start)).toEqual(['2025-10-31T14:00:00Z']);
});

it('leaves the calendar of the old owner for that of the new one', async () => {
  const task = await taskWith();
  await sync(task);
  await change(task, { ownerId: carol.id });
  expect([entriesOf(ben), entriesOf(carol)]).toEqual([
    [],
    [expect.objectContaining({ summary: 'Book a room' })],
  ]);
});

it('never uses the id of a removed entry again', async () => {
  const task = await taskWith();
  const uids = new Set<string>();
  for (let time = 0; time < 3; time++) {
    await change(task, { status: 'open' });
    uids.add(entriesOf(ben)[0]!.uid);
    await change(task, { status: 'cancelled' });
    expect(entriesOf(ben)).toEqual([]);
  }
  expect(uids.size).toBe(3);
  expect((await rows(task)).map(({ generation, removedAt }) => [generation, removedAt !== null])).toEqual([
    [1, true],
    [2, true],
    [3, true],
  ]);
});

it('finds the entry of an attempt that was killed before it noted the answer', async () => {
  const task = await taskWith();
  await sync(task);
  await CalendarEventRow.query(bench.db).where({ taskId: task.id }).patch({ etag: null });
  await sync(task);
  expect(entriesOf(ben)).toHaveLength(1);
  expect((await rows(task)).map(({ etag }) => etag)).toEqual([expect.any(String)]);
});

it.each<[string, Partial<Task>]>([
  ['has no deadline', { deadlineDate: null }],
  ['is cancelled', { status: 'cancelled' }],
  ['was deleted', { deletedAt: new Date() }],
  ['lost its owner', { ownerId: null }],
])('a task that %s has no place on a calendar', async (_, fields) => {
  const task = await taskWith();
  await sync(task);
  expect(entriesOf(ben)).toHaveLength(1);
  await change(task, fields);
  expect(entriesOf(ben)).toEqual([]);
});

it('what is done keeps its entry, which goes on following, and goes with the task', async () => {
  const task = await taskWith();
  await sync(task);
  const { uid } = entriesOf(ben)[0]!;
  await change(task, { status: 'done' });
  await change(task, { name: 'It was done' });
  expect(entriesOf(ben)).toMatchObject([{ uid, summary: 'It was done' }]);
  await change(task, { deletedAt: new Date() });
  expect(entriesOf(ben)).toEqual([]);
});

it.each<[string, Partial<Task>]>([
  ['task-has-no-deadline', { deadlineDate: null }],
  ['task-closed', { status: 'done' }],
  ['no-recipient', { deletedAt: new Date() }],
  ['no-recipient', { ownerId: null }],
])('says why nothing was put where a person had ordered it: %s', async (code, fields) => {
  const task = await taskWith();
  const delivery = await ordered(task);
  await change(task, fields);
  expect(await load(delivery)).toMatchObject({ state: 'failed', attempts: 0, error: { code } });
});

it('does not call an order of the old owner done when the new one has the entry', async () => {
  const task = await taskWith();
  const [old, mine] = [await ordered(task), await ordered(task, { userId: carol.id })];
  await change(task, { ownerId: carol.id });
  expect(await load(old)).toMatchObject({ state: 'failed', error: { code: 'owner-changed' } });
  expect(await load(mine)).toMatchObject({ state: 'sent', attempts: 1 });
});

it('puts again what had failed before, when it is asked once more', async () => {
  const task = await taskWith();
  const failed = await ordered(task, { state: 'failed', error: { code: 'calendar-away', message: 'Away.' } });
  await sync(task);
  expect(await load(failed)).toMatchObject({ state: 'sent', error: null });
});

it('forgets the entry of a person who is gone, and touches no calendar', async () => {
  const task = await taskWith();
  await sync(task);
  await User.query(bench.db).deleteById(ben.id);
  await sync(task);
  expect(await rows(task)).toMatchObject([{ userId: null, removedAt: expect.any(Date) }]);
});

it('does nothing about a task that there is not', async () => {
  await expect(bench.run('syncCalendar', randomUUID())).resolves.toBeUndefined();
});

describe('a calendar that does not take it', () => {
  const syncWith = (task: Task, error: Error) => {
    const fails = () => Promise.reject(error);
    const calendar: Calendar = { provider: 'broken', put: fails, remove: fails };
    return bench.run('syncCalendar', task.id, { deps: { providers: { ...bench.deps.providers, calendar } } });
  };

  it('for now: the order waits, and the next attempt uses the id written down before the first', async () => {
    const task = await taskWith();
    const delivery = await ordered(task);
    const away = new ProviderError('calendar-away', 'Try later.', { retryable: true });
    await expect(syncWith(task, away)).rejects.toMatchObject({ type: 'calendar-away', nonRetryable: false });
    expect(await load(delivery)).toMatchObject({
      state: 'pending',
      attempts: 1,
      error: { code: 'calendar-away' },
    });
    const [{ eventId }] = (await rows(task)) as [CalendarEventRow];
    await sync(task);
    expect(entriesOf(ben)[0]!.uid).toContain(eventId);
    expect(await load(delivery)).toMatchObject({ state: 'sent', attempts: 2, error: null });
  });

  it('for hours: the order has failed, and is tried further', async () => {
    const task = await taskWith();
    const delivery = await ordered(task, { createdAt: new Date(Date.now() - 6 * 3600_000 - 1000) });
    const away = new ProviderError('calendar-away', 'Try later.', { retryable: true });
    await expect(syncWith(task, away)).rejects.toMatchObject({ nonRetryable: false });
    expect(await load(delivery)).toMatchObject({ state: 'failed', error: { code: 'calendar-away' } });
    await sync(task);
    expect(await load(delivery)).toMatchObject({ state: 'sent', error: null });
  });

  it('for good: the order has failed with the reason', async () => {
    const task = await taskWith();
    const delivery = await ordered(task);
    const refused = new ProviderError('calendar-not-connected', 'Connect it.', { retryable: false });
    await expect(syncWith(task, refused)).rejects.toMatchObject({ nonRetryable: true });
    expect(await load(delivery)).toMatchObject({
      state: 'failed',
      error: { code: 'calendar-not-connected', message: 'Connect it.' },
    });
  });

  it('keeps an entry on the books until it is really removed', async () => {
    const task = await taskWith();
    await sync(task);
    await Task.query(bench.db).findById(task.id).patch({ status: 'cancelled' });
    const away = new ProviderError('calendar-away', 'Try later.', { retryable: true });
    await expect(syncWith(task, away)).rejects.toMatchObject({ type: 'calendar-away' });
    expect(await rows(task)).toMatchObject([{ removedAt: null }]);
    await sync(task);
    expect(entriesOf(ben)).toEqual([]);
  });
});
