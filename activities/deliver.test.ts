/** The first try of all that the world must learn of a task; what comes of tries after it stands in tests of each channel. */
import { Delivery } from '../src/models/delivery';
import { Task } from '../src/models/task';
import type { User } from '../src/models/user';
import type { Calendar, Mailer, Providers } from '../src/ports';
import { ProviderError } from '../src/provider-error';
import { ActivityBench } from '../test/support/activity-bench';
import { entriesIn } from '../test/support/calendar-entries';
import { insertMeeting, insertUser } from '../test/support/meetings';
import type { Left } from './deliver';
import type { TaskPlan } from './plan-task';

let bench: ActivityBench;
let ben: User;
let task: Task;
let plan: TaskPlan;

beforeAll(async () => {
  bench = await ActivityBench.open();
});
afterAll(() => bench.close());
beforeEach(async () => {
  ben = await insertUser(bench.db, 'Ben');
  const { id: meetingId } = await insertMeeting(bench.db);
  const facts = { name: 'Write the draft', origin: 'ai', agreed: true, deadlineDate: '2025-10-17' } as const;
  task = await Task.query(bench.db).insertAndFetch({ ...facts, meetingId, ownerId: ben.id });
  plan = await bench.run('planTask', { taskId: task.id, nowMs: Date.now() });
});

const deliver = (change: Partial<Providers> = {}) =>
  bench.run(
    'deliver',
    { taskId: task.id, plan },
    { deps: { providers: { ...bench.deps.providers, ...change } } },
  );
const mailer = (error: Error): Mailer => ({ provider: 'broken', send: () => Promise.reject(error) });
const calendar = (error: Error): Calendar => ({
  provider: 'broken',
  put: () => Promise.reject(error),
  remove: () => Promise.reject(error),
});
const ledger = async () => {
  const rows = await Delivery.query(bench.db).where({ taskId: task.id }).orderBy('channel');
  return rows.map(({ channel, state, attempts }) => `${channel} ${state} ${attempts}`);
};
const mails = () => bench.outbox().filter((mail) => mail.includes(task.id)).length;
const entries = () => entriesIn(bench.calendar(ben.id)).length;
const isLagging = async () =>
  (await Task.query(bench.db).findById(task.id).whereRaw('version > synced_version')) !== undefined;

const away = new ProviderError('provider-away', 'Try later.', { retryable: true, retryAfterMs: 7000 });
const failed = { code: 'provider-away', message: 'Try later.', retryAfterMs: 7000 };

it('tells by mail and on the calendar, and notes that the world knows', async () => {
  const { left, told } = await deliver();
  expect(left).toEqual([]);
  expect(told?.map(({ channel, state }) => `${channel} ${state}`).sort()).toEqual([
    'calendar sent',
    'email sent',
  ]);
  expect(await ledger()).toEqual(['calendar sent 1', 'email sent 1']);
  expect([mails(), entries(), await isLagging()]).toEqual([1, 1, false]);
});

it('says nothing twice when its report was lost', async () => {
  await deliver();
  expect((await deliver()).left).toEqual([]);
  expect([mails(), entries()]).toEqual([1, 1]);
});

describe('one channel that is away keeps the other from nothing, and', () => {
  it('a mail is left, with why and for how long', async () => {
    const { left, told } = await deliver({ mailer: mailer(away) });
    expect([left, told]).toEqual([[{ mail: plan.mails[0], failed }], null]);
    expect(await ledger()).toEqual(['calendar sent 1', 'email pending 1']);
    expect([entries(), await isLagging()]).toEqual([1, true]);
  });

  it('so is the calendar', async () => {
    const { left, told } = await deliver({ calendar: calendar(away) });
    expect([left, told]).toEqual([[{ mail: null, failed }], null]);
    expect(await ledger()).toEqual(['calendar pending 1', 'email sent 1']);
    expect([mails(), await isLagging()]).toEqual([1, true]);
  });

  it('what nobody foresaw is left as well, and says no more than that', async () => {
    const { left } = await deliver({ mailer: mailer(new TypeError(`no ${ben.email}`)) });
    expect(left).toEqual([
      {
        mail: plan.mails[0],
        failed: { code: 'internal', message: expect.stringContaining('log'), retryAfterMs: null },
      },
    ]);
    expect(JSON.stringify(left)).not.toContain('@');
    expect(entries()).toBe(1);
  });
});

it('what is refused for good has failed on its row, and is not left', async () => {
  const refused = new ProviderError('sender-refused', 'Verify the sender.', { retryable: false });
  expect((await deliver({ mailer: mailer(refused) })).left).toEqual([]);
  expect(await ledger()).toEqual(['calendar sent 1', 'email failed 1']);
  expect(await isLagging()).toBe(false);
});

describe('what is left is tried by an activity whose first attempt', () => {
  const again = ({ mail, failed }: Left, attempt: number) =>
    mail
      ? bench.run('sendMail', mail, { attempt, failed })
      : bench.run('syncCalendar', task.id, { attempt, failed });

  it.each([
    ['mail', { mailer: mailer(away) }],
    ['calendar', { calendar: calendar(away) }],
  ])('stands for the try before it, and whose second is made: %s', async (_, broken) => {
    const [left] = (await deliver(broken)).left;
    await expect(again(left!, 1)).rejects.toMatchObject({
      type: 'provider-away',
      message: 'Try later.',
      nonRetryable: false,
      nextRetryDelay: 7000,
    });
    expect(mails() + entries()).toBe(1);
    await again(left!, 2);
    expect([mails(), entries()]).toEqual([1, 1]);
    expect((await ledger()).sort()).toEqual(expect.arrayContaining([expect.stringMatching(/ sent 2$/)]));
  });
});
