/** An attempt was frozen before its call to the calendar; Temporal has given it up and another one has done its work. */
import type { Calendar } from '../src/ports';
import { Task } from '../src/models/task';
import type { User } from '../src/models/user';
import { ActivityBench } from '../test/support/activity-bench';
import { entriesIn } from '../test/support/calendar-entries';
import { insertMeeting, insertUser } from '../test/support/meetings';

let bench: ActivityBench;
let ben: User;

beforeAll(async () => {
  bench = await ActivityBench.open();
});
afterAll(() => bench.close());
beforeEach(async () => {
  ben = await insertUser(bench.db, 'Ben');
});

async function taskWith(fields: Partial<Task> = {}): Promise<Task> {
  const { id: meetingId } = await insertMeeting(bench.db);
  const row = {
    meetingId,
    name: 'Book a room',
    ownerId: ben.id,
    origin: 'ai',
    deadlineDate: '2025-10-31',
  } as const;
  return Task.query(bench.db).insertAndFetch({ ...row, ...fields });
}

const sync = (task: Task) => bench.run('syncCalendar', task.id);
const entries = () => entriesIn(bench.calendar(ben.id));

/** The calendar hears of the old task after `meanwhile`: another attempt has done its work by then. */
const syncLate = (task: Task, meanwhile: () => Promise<void>) => {
  const real = bench.deps.providers.calendar;
  const put: Calendar['put'] = async (userId, event) => (await meanwhile(), real.put(userId, event));
  const calendar: Calendar = { provider: 'local', put, remove: real.remove.bind(real) };
  return bench.run('syncCalendar', task.id, { deps: { providers: { ...bench.deps.providers, calendar } } });
};
const follow = async (task: Task, fields: Partial<Task>) => {
  const version = task.version + 1;
  await Task.query(bench.db)
    .findById(task.id)
    .patch({ ...fields, version });
  await sync(task);
  await bench.run('finishTask', { taskId: task.id, version, deliveries: [] });
};
const isLagging = async (task: Task) =>
  (await Task.query(bench.db).findById(task.id).whereRaw('version > synced_version')) !== undefined;

it.each([
  ['was moved', { deadlineDate: '2025-11-03' }, ['2025-11-03']],
  ['was cancelled', { status: 'cancelled' as const }, []],
])(
  'writes an old entry of a task that %s: it lags, and the next one puts that right',
  async (_, fields, starts) => {
    const task = await taskWith();
    await syncLate(task, () => follow(task, fields));
    expect(await isLagging(task)).toBe(true);
    await sync(task);
    expect(entries().map(({ start }) => start)).toEqual(starts);
  },
);

it('leaves one entry, whatever had become of the one that it wrote', async () => {
  const task = await taskWith();
  await syncLate(task, async () => {
    await follow(task, { status: 'cancelled' });
    await follow(task, { status: 'open' });
  });
  await sync(task);
  expect(entries()).toHaveLength(1);
});

it('is no news when the task is what it was', async () => {
  const task = await taskWith({ syncedVersion: 1 });
  await sync(task);
  expect(await isLagging(task)).toBe(false);
});
