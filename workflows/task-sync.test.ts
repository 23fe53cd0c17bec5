import { Delivery } from '../src/models/delivery';
import { MeetingEvent } from '../src/models/meeting-event';
import type { Task } from '../src/models/task';
import type { User } from '../src/models/user';
import { ProviderError } from '../src/provider-error';
import { readHistory } from '../test/support/history';
import { insertUser, type NewMeeting } from '../test/support/meetings';
import { startTestPipeline, type TestPipeline } from '../test/support/pipeline';
import { MoodyMailer, TaskDriver } from '../test/support/task-driver';
import { taskSyncId } from './messages';

const mailer = new MoodyMailer();
let pipeline: TestPipeline;
let driver: TaskDriver;
let ben: User;

beforeAll(async () => {
  pipeline = await startTestPipeline({ mailer });
  driver = await TaskDriver.for(pipeline);
  ben = driver.ben;
}, 120_000);
afterAll(() => pipeline.close());
beforeEach(() => {
  mailer.moods = [];
  mailer.sent.length = 0;
});

describe('a task that its owner agreed to', () => {
  it('is mailed once and stands on the calendar once, however often it is signalled', async () => {
    const task = await driver.insert({ name: 'Write the draft' });
    for (let time = 0; time < 3; time++) await driver.inStep(task);
    expect(await driver.ledger(task)).toEqual(['calendar sent', 'email sent']);
    expect(mailer.sent.map(({ subject }) => subject)).toEqual([expect.stringContaining('Write the draft')]);
    expect(driver.entriesFor(ben, task)).toBe(1);
  });

  it('is not mailed again when its deadline moves; the entry moves', async () => {
    const task = await driver.insert({ name: 'Move me' });
    await driver.inStep(task);
    await driver.change(task, { deadlineDate: '2025-10-20' });
    expect(mailer.sent).toHaveLength(1);
    expect(driver.entriesFor(ben, task)).toBe(1);
    expect(driver.calendarOf(ben)).toContain('20251020');
  });

  it('goes to the new owner with a mail of their own, and leaves the calendar of the old one', async () => {
    const carol = await insertUser(driver.db, 'Carol');
    const task = await driver.insert({ name: 'Hand me over' });
    await driver.inStep(task);
    await driver.change(task, { ownerId: carol.id });
    expect(mailer.sent.map(({ to }) => to.name)).toEqual(['Ben', 'Carol']);
    expect([driver.entriesFor(ben, task), driver.entriesFor(carol, task)]).toEqual([0, 1]);
  });

  it.each([
    ['cancelled', { status: 'cancelled' as const }],
    ['deleted', { deletedAt: new Date() }],
    ['without a deadline', { deadlineDate: null }],
    ['without an owner', { ownerId: null }],
  ])('leaves the calendar when it is %s', async (word, fields) => {
    const task = await driver.insert({ name: `Soon ${word}` });
    await driver.inStep(task);
    expect(driver.entriesFor(ben, task)).toBe(1);
    await driver.change(task, fields);
    expect(driver.entriesFor(ben, task)).toBe(0);
  });

  it('gets a new entry under a new id when it is opened again', async () => {
    const task = await driver.insert({ name: 'Open me again' });
    await driver.inStep(task);
    await driver.change(task, { status: 'cancelled' });
    await driver.change(task, { status: 'open' });
    expect(driver.entriesFor(ben, task)).toBe(1);
    const events = await driver.events(task);
    expect(events.map(({ generation, removedAt }) => [generation, removedAt === null])).toEqual([
      [1, false],
      [2, true],
    ]);
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(2);
  });

  it('without a deadline is mailed and has no place on a calendar', async () => {
    const task = await driver.insert({ deadlineDate: null });
    await driver.inStep(task);
    expect(await driver.ledger(task)).toEqual(['email sent']);
  });
});

describe('nothing goes out by itself', () => {
  it.each<[string, Partial<Task>, NewMeeting]>([
    ['when the owner did not agree', { agreed: false }, {}],
    ['while a person must look at it', { needsReview: true }, {}],
    ['when nobody owns it', { ownerId: null }, {}],
    ['when it is done already', { status: 'done' }, {}],
    ['when the uploader wants to send by hand', {}, { notify: 'manual' }],
  ])('%s', async (_, fields, options) => {
    const task = await driver.insert(fields, options);
    await driver.inStep(task);
    expect(await driver.ledger(task)).toEqual([]);
    expect(mailer.sent).toEqual([]);
  });
});

describe('a mail whose fate is not clear', () => {
  it('is shown as unknown and never sent again', async () => {
    mailer.moods = [new ProviderError('connection-reset', 'Reset.', { retryable: true, outcome: 'unknown' })];
    const task = await driver.insert({ deadlineDate: null });
    for (let time = 0; time < 2; time++) await driver.inStep(task);
    expect(await driver.ledger(task)).toEqual(['email unknown']);
    expect(mailer.sent).toHaveLength(1);
  });

  it('nor when the sender was killed between call and answer', async () => {
    const task = await driver.insert({ agreed: false });
    const row = {
      taskId: task.id,
      userId: ben.id,
      channel: 'email',
      kind: 'assigned',
      taskVersion: 1,
    } as const;
    await Delivery.query(driver.db).insert({ ...row, state: 'sending' });
    await driver.inStep(task);
    expect(await driver.ledger(task)).toEqual(['email unknown']);
    expect(mailer.sent).toEqual([]);
  });

  it('is tried again when it was certainly not accepted', async () => {
    mailer.moods = [new ProviderError('busy', 'Busy.', { retryable: true, retryAfterMs: 1 })];
    const task = await driver.insert({ deadlineDate: null });
    await driver.inStep(task);
    expect(await driver.ledger(task)).toEqual(['email sent']);
    expect(mailer.sent).toHaveLength(1);
  });

  it('fails for good without failing anything else', async () => {
    mailer.moods = [new ProviderError('sender-refused', 'Verify the sender.', { retryable: false })];
    const task = await driver.insert({ name: 'Refused by mail' });
    await driver.inStep(task);
    expect(await driver.ledger(task)).toEqual(['calendar sent', 'email failed']);
    const [failed] = await Delivery.query(driver.db).where({ taskId: task.id, state: 'failed' });
    expect(failed!.error).toEqual({ code: 'sender-refused', message: 'Verify the sender.' });
  });
});

it('leaves no name and no address in history, and tells the meeting of every delivery', async () => {
  const task = await driver.insert({ name: 'A secret name' });
  await driver.inStep(task);
  const history = await readHistory(pipeline.temporal.client, taskSyncId(task.id));
  expect(history.text).toContain(task.id);
  expect(history.text).not.toMatch(/secret name|@example\.com/);
  const events = await MeetingEvent.query(driver.db).where({ meetingId: task.meetingId, type: 'delivery' });
  expect(events.map(({ data }) => `${data.channel} ${data.state}`).sort()).toEqual([
    'calendar sent',
    'email sent',
  ]);
});
