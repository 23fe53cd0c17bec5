import { randomUUID } from 'node:crypto';
import { Delivery } from '../src/models/delivery';
import { MeetingEvent } from '../src/models/meeting-event';
import { Task } from '../src/models/task';
import { User } from '../src/models/user';
import type { Mailer } from '../src/ports';
import { ProviderError } from '../src/provider-error';
import { ActivityBench } from '../test/support/activity-bench';
import { decodedMail } from '../test/support/decoded-mail';
import { insertMeeting, insertUser } from '../test/support/meetings';

let bench: ActivityBench;
let ben: User;
let task: Task;

beforeAll(async () => {
  bench = await ActivityBench.open();
});
afterAll(() => bench.close());
beforeEach(async () => {
  ben = await insertUser(bench.db, 'Ben');
  const meeting = await insertMeeting(bench.db);
  task = await Task.query(bench.db).insertAndFetch({
    meetingId: meeting.id,
    name: 'Fix the payment tests',
    ownerId: ben.id,
    origin: 'ai',
    deadlineDate: '2025-10-17',
    deadlineText: 'by Friday',
  });
});

const ordered = (fields: Partial<Delivery> = {}) =>
  Delivery.query(bench.db).insertAndFetch({
    taskId: task.id,
    userId: ben.id,
    channel: 'email',
    kind: 'assigned',
    taskVersion: 1,
    ...fields,
  });
const load = (delivery: Delivery) => Delivery.query(bench.db).findById(delivery.id).throwIfNotFound();
const mailsOf = (delivery: Delivery) => bench.outbox().filter((mail) => mail.includes(delivery.id));
const told = async () => {
  const events = await MeetingEvent.query(bench.db).where({ meetingId: task.meetingId, type: 'delivery' });
  return events.map(({ data }) => data);
};

/** A mail provider that does not take mails. */
const broken = (error: Error): Mailer => ({ provider: 'broken', send: () => Promise.reject(error) });
const sendWith = (mailer: Mailer, delivery: Delivery) =>
  bench.run('sendMail', delivery.id, { deps: { providers: { ...bench.deps.providers, mailer } } });

it('writes to the owner what the task is and when it is due, and notes that it went out', async () => {
  const delivery = await ordered();
  await bench.run('sendMail', delivery.id);
  const [mail] = mailsOf(delivery);
  const read = await decodedMail(Buffer.from(mail!));
  expect(read.to).toEqual([{ name: 'Ben', email: ben.email }]);
  expect(read.subject).toBe('Your task: Fix the payment tests');
  expect(read.text).toContain('Friday, 17 October 2025 (said: “by Friday”)');
  expect(read.text).toContain('Weekly planning');
  expect(read.headers).toMatchObject({
    'x-delivery-id': delivery.id,
    'x-task-id': task.id,
    'x-kind': 'assigned',
  });
  expect(await load(delivery)).toMatchObject({ state: 'sent', provider: 'local', attempts: 1, error: null });
  expect(await told()).toEqual([{ taskId: task.id, channel: 'email', state: 'sent' }]);
});

it('says of a task without a meeting nothing of a meeting', async () => {
  await Task.query(bench.db).findById(task.id).patch({ meetingId: null });
  const delivery = await ordered();
  await bench.run('sendMail', delivery.id);
  expect((await decodedMail(Buffer.from(mailsOf(delivery)[0]!))).text).not.toContain('Meeting');
});

it.each(['sent', 'failed', 'unknown'] as const)('does nothing about one that is %s', async (state) => {
  const delivery = await ordered({ state });
  await bench.run('sendMail', delivery.id);
  expect(mailsOf(delivery)).toEqual([]);
  expect(await load(delivery)).toMatchObject({ state, attempts: 0 });
});

it('does nothing about one that there is not', async () => {
  await expect(bench.run('sendMail', randomUUID())).resolves.toBeUndefined();
});

it('sends one mail when ten workers hold the same delivery', async () => {
  const delivery = await ordered();
  const sent: string[] = [];
  const mailer: Mailer = {
    provider: 'counting',
    send: async ({ deliveryId }) => {
      sent.push(deliveryId);
      return { providerMessageId: null };
    },
  };
  await Promise.all(Array.from({ length: 10 }, () => sendWith(mailer, delivery)));
  expect(sent).toEqual([delivery.id]);
  expect((await load(delivery)).attempts).toBe(1);
});

it('never sends again what a killed worker may have sent, and says so', async () => {
  const delivery = await ordered({ state: 'sending', attempts: 1 });
  await bench.run('sendMail', delivery.id, { attempt: 2 });
  expect(mailsOf(delivery)).toEqual([]);
  expect(await load(delivery)).toMatchObject({
    state: 'unknown',
    error: { code: 'outcome-unknown', message: expect.stringContaining('may have gone out') },
  });
  expect(await told()).toEqual([{ taskId: task.id, channel: 'email', state: 'unknown' }]);
});

describe('when the provider', () => {
  it('can not be reached, the mail waits for the next attempt, which sends it', async () => {
    const delivery = await ordered();
    const away = new ProviderError('mail-away', 'Try later.', { retryable: true, retryAfterMs: 7000 });
    await expect(sendWith(broken(away), delivery)).rejects.toMatchObject({
      type: 'mail-away',
      nonRetryable: false,
      nextRetryDelay: 7000,
    });
    expect(await load(delivery)).toMatchObject({ state: 'pending', error: { code: 'mail-away' } });
    await bench.run('sendMail', delivery.id, { attempt: 2 });
    expect(await load(delivery)).toMatchObject({ state: 'sent', attempts: 2, error: null });
    expect(mailsOf(delivery)).toHaveLength(1);
  });

  it('refuses, the mail has failed for the reason given and is not tried again', async () => {
    const delivery = await ordered();
    const refused = new ProviderError('sender-refused', 'Verify the sender.', { retryable: false });
    await expect(sendWith(broken(refused), delivery)).rejects.toMatchObject({ nonRetryable: true });
    await bench.run('sendMail', delivery.id, { attempt: 2 });
    expect(await load(delivery)).toMatchObject({
      state: 'failed',
      attempts: 1,
      error: { code: 'sender-refused', message: 'Verify the sender.' },
    });
    expect(mailsOf(delivery)).toEqual([]);
  });

  it('gives no clear answer, the outcome is unknown and no attempt follows', async () => {
    const delivery = await ordered();
    const cut = new ProviderError('mail-cut', 'Cut off.', { retryable: true, outcome: 'unknown' });
    await sendWith(broken(cut), delivery);
    await bench.run('sendMail', delivery.id, { attempt: 2 });
    expect(await load(delivery)).toMatchObject({
      state: 'unknown',
      attempts: 1,
      error: { code: 'mail-cut' },
    });
    expect(mailsOf(delivery)).toEqual([]);
  });

  it('fails in a way nobody foresaw, it may have gone out: the next attempt sends nothing', async () => {
    const delivery = await ordered();
    const failing = sendWith(broken(new TypeError(`no ${ben.email}`)), delivery);
    await expect(failing).rejects.toMatchObject({
      type: 'internal',
      message: expect.not.stringContaining('@'),
    });
    await bench.run('sendMail', delivery.id, { attempt: 2 });
    expect(await load(delivery)).toMatchObject({ state: 'unknown', attempts: 1 });
    expect(mailsOf(delivery)).toEqual([]);
  });
});

it('is not tried for longer than six hours after its order, but once at least', async () => {
  const away = new ProviderError('mail-away', 'Try later.', { retryable: true });
  const createdAt = new Date(Date.now() - 6 * 3600_000 - 1000);
  const delivery = await ordered({ createdAt });
  await expect(sendWith(broken(away), delivery)).rejects.toMatchObject({
    type: 'mail-away',
    nonRetryable: true,
  });
  expect(await load(delivery)).toMatchObject({ state: 'failed', attempts: 1, error: { code: 'mail-away' } });
  const late = await ordered({ createdAt, resend: 1 });
  await bench.run('sendMail', late.id);
  expect(await load(late)).toMatchObject({ state: 'sent' });
});

describe('what the task is when the mail would go', () => {
  const change = (fields: Partial<Task>) => Task.query(bench.db).findById(task.id).patch(fields);

  it.each<[string, Partial<Task>]>([
    ['owner-changed', { ownerId: null }],
    ['task-closed', { status: 'cancelled' }],
    ['task-needs-review', { needsReview: true }],
  ])('%s: it stays here, and says why', async (code, fields) => {
    const delivery = await ordered();
    await change(fields);
    await bench.run('sendMail', delivery.id);
    expect(mailsOf(delivery)).toEqual([]);
    expect(await load(delivery)).toMatchObject({ state: 'failed', attempts: 0, error: { code } });
  });

  it('is the business of the person who ordered it', async () => {
    await change({ status: 'done' });
    const delivery = await ordered({ requestedBy: ben.id });
    await bench.run('sendMail', delivery.id);
    expect(mailsOf(delivery)).toHaveLength(1);
  });

  it('a reminder of another deadline stays here', async () => {
    const [old, now] = await Promise.all([
      ordered({ kind: 'reminder', deadline: '2100-10-16' }),
      ordered({ kind: 'reminder', deadline: '2100-10-17', taskVersion: 2 }),
    ]);
    await change({ deadlineDate: '2100-10-17' });
    for (const { id } of [old, now]) await bench.run('sendMail', id);
    expect(await load(old)).toMatchObject({ state: 'failed', error: { code: 'deadline-moved' } });
    const read = await decodedMail(Buffer.from(mailsOf(now)[0]!));
    expect([read.subject, read.headers['x-kind']]).toEqual(['Due soon: Fix the payment tests', 'reminder']);
  });
});

describe('there is nobody to write to', () => {
  const gone = { state: 'failed', attempts: 0, error: { code: 'no-recipient' } };

  it('when the task was deleted', async () => {
    const delivery = await ordered();
    await Task.query(bench.db).findById(task.id).patch({ deletedAt: new Date() });
    await bench.run('sendMail', delivery.id);
    expect(await load(delivery)).toMatchObject(gone);
  });

  it('when the owner was deleted', async () => {
    const delivery = await ordered();
    await User.query(bench.db).deleteById(ben.id);
    await bench.run('sendMail', delivery.id);
    expect(await load(delivery)).toMatchObject({ ...gone, userId: null });
    expect(mailsOf(delivery)).toEqual([]);
  });
});
