import { CalendarEventRow } from '../src/models/calendar-event';
import { Delivery } from '../src/models/delivery';
import { MeetingEvent } from '../src/models/meeting-event';
import { Task } from '../src/models/task';
import type { User } from '../src/models/user';
import type { Mail, Mailer } from '../src/ports';
import { ProviderError } from '../src/provider-error';
import { signalTaskChanged } from '../src/temporal/runs';
import { readHistory } from '../test/support/history';
import { insertMeeting, insertUser, type NewMeeting } from '../test/support/meetings';
import { startTestPipeline, type TestPipeline } from '../test/support/pipeline';
import { eventually } from '../test/support/poll';
import { taskSyncId } from './messages';

/** The local mailer, but its next sends go wrong as told. */
class MoodyMailer implements Mailer {
  readonly provider = 'moody';
  readonly sent: Mail[] = [];
  moods: ProviderError[] = [];

  async send(mail: Mail) {
    const mood = this.moods.shift();
    if (mood?.outcome !== 'rejected') this.sent.push(mail);
    if (mood) throw mood;
    return { providerMessageId: mail.deliveryId };
  }
}

const mailer = new MoodyMailer();
let pipeline: TestPipeline;
let ben: User;

beforeAll(async () => {
  pipeline = await startTestPipeline({ mailer });
  ben = await insertUser(pipeline.database.knex, 'Ben');
}, 120_000);
afterAll(() => pipeline.close());
beforeEach(() => {
  mailer.moods = [];
  mailer.sent.length = 0;
});

const db = () => pipeline.database.knex;

async function insertTask(fields: Partial<Task> = {}, options: NewMeeting = {}): Promise<Task> {
  const meeting = await insertMeeting(db(), options);
  return Task.query(db()).insertAndFetch({
    meetingId: meeting.id,
    name: 'Fix the payment tests',
    ownerId: ben.id,
    origin: 'ai',
    agreed: true,
    deadlineDate: '2025-10-17',
    deadlineTimezone: 'UTC',
    ...fields,
  });
}

/** Tells TaskSync of the row as it is now and waits until the world knows it. */
async function inStep(task: Task): Promise<void> {
  await signalTaskChanged(pipeline.temporal.client, task.id);
  await eventually(async () => {
    const { version, syncedVersion } = await Task.query(db()).findById(task.id).throwIfNotFound();
    return version === syncedVersion;
  });
}

async function change(task: Task, fields: Partial<Task>): Promise<void> {
  const { version } = await Task.query(db()).findById(task.id).throwIfNotFound();
  await Task.query(db())
    .findById(task.id)
    .patch({ ...fields, version: version + 1 });
  await inStep(task);
}

const ledger = async (task: Task) => {
  const rows = await Delivery.query(db()).where({ taskId: task.id }).orderBy(['channel', 'created_at']);
  return rows.map(({ channel, state }) => `${channel} ${state}`);
};
const calendarOf = (user: User) => pipeline.calendars()[user.id] ?? '';
const entriesFor = (user: User, task: Task) => calendarOf(user).split(`SUMMARY:${task.name}`).length - 1;

describe('a task that its owner agreed to', () => {
  it('is mailed once and stands on the calendar once, however often it is signalled', async () => {
    const task = await insertTask({ name: 'Write the draft' });
    for (let time = 0; time < 3; time++) await inStep(task);
    expect(await ledger(task)).toEqual(['calendar sent', 'email sent']);
    expect(mailer.sent.map(({ subject }) => subject)).toEqual([expect.stringContaining('Write the draft')]);
    expect(entriesFor(ben, task)).toBe(1);
  });

  it('is not mailed again when its deadline moves; the entry moves', async () => {
    const task = await insertTask({ name: 'Move me' });
    await inStep(task);
    await change(task, { deadlineDate: '2025-10-20' });
    expect(mailer.sent).toHaveLength(1);
    expect(entriesFor(ben, task)).toBe(1);
    expect(calendarOf(ben)).toContain('20251020');
  });

  it('goes to the new owner with a mail of their own, and leaves the calendar of the old one', async () => {
    const carol = await insertUser(db(), 'Carol');
    const task = await insertTask({ name: 'Hand me over' });
    await inStep(task);
    await change(task, { ownerId: carol.id });
    expect(mailer.sent.map(({ to }) => to.name)).toEqual(['Ben', 'Carol']);
    expect([entriesFor(ben, task), entriesFor(carol, task)]).toEqual([0, 1]);
  });

  it.each([
    ['done', { status: 'done' as const }],
    ['deleted', { deletedAt: new Date() }],
    ['without a deadline', { deadlineDate: null }],
    ['without an owner', { ownerId: null }],
  ])('leaves the calendar when it is %s', async (word, fields) => {
    const task = await insertTask({ name: `Soon ${word}` });
    await inStep(task);
    expect(entriesFor(ben, task)).toBe(1);
    await change(task, fields);
    expect(entriesFor(ben, task)).toBe(0);
  });

  it('gets a new entry under a new id when it is opened again', async () => {
    const task = await insertTask({ name: 'Open me again' });
    await inStep(task);
    await change(task, { status: 'done' });
    await change(task, { status: 'open' });
    expect(entriesFor(ben, task)).toBe(1);
    const events = await CalendarEventRow.query(db()).where({ taskId: task.id }).orderBy('generation');
    expect(events.map(({ generation, removedAt }) => [generation, removedAt === null])).toEqual([
      [1, false],
      [2, true],
    ]);
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(2);
  });

  it('without a deadline is mailed and has no place on a calendar', async () => {
    const task = await insertTask({ deadlineDate: null });
    await inStep(task);
    expect(await ledger(task)).toEqual(['email sent']);
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
    const task = await insertTask(fields, options);
    await inStep(task);
    expect(await ledger(task)).toEqual([]);
    expect(mailer.sent).toEqual([]);
  });
});

describe('a mail whose fate is not clear', () => {
  it('is shown as unknown and never sent again', async () => {
    mailer.moods = [new ProviderError('connection-reset', 'Reset.', { retryable: true, outcome: 'unknown' })];
    const task = await insertTask({ deadlineDate: null });
    for (let time = 0; time < 2; time++) await inStep(task);
    expect(await ledger(task)).toEqual(['email unknown']);
    expect(mailer.sent).toHaveLength(1);
  });

  it('nor when the sender was killed between call and answer', async () => {
    const task = await insertTask({ agreed: false });
    const row = {
      taskId: task.id,
      userId: ben.id,
      channel: 'email',
      kind: 'assigned',
      taskVersion: 1,
    } as const;
    await Delivery.query(db()).insert({ ...row, state: 'sending' });
    await inStep(task);
    expect(await ledger(task)).toEqual(['email unknown']);
    expect(mailer.sent).toEqual([]);
  });

  it('is tried again when it was certainly not accepted', async () => {
    mailer.moods = [new ProviderError('busy', 'Busy.', { retryable: true, retryAfterMs: 1 })];
    const task = await insertTask({ deadlineDate: null });
    await inStep(task);
    expect(await ledger(task)).toEqual(['email sent']);
    expect(mailer.sent).toHaveLength(1);
  });

  it('fails for good without failing anything else', async () => {
    mailer.moods = [new ProviderError('sender-refused', 'Verify the sender.', { retryable: false })];
    const task = await insertTask({ name: 'Refused by mail' });
    await inStep(task);
    expect(await ledger(task)).toEqual(['calendar sent', 'email failed']);
    const [failed] = await Delivery.query(db()).where({ taskId: task.id, state: 'failed' });
    expect(failed!.error).toEqual({ code: 'sender-refused', message: 'Verify the sender.' });
  });
});

it('leaves no name and no address in history, and tells the meeting of every delivery', async () => {
  const task = await insertTask({ name: 'A secret name' });
  await inStep(task);
  const history = await readHistory(pipeline.temporal.client, taskSyncId(task.id));
  expect(history.text).toContain(task.id);
  expect(history.text).not.toMatch(/secret name|@example\.com/);
  const events = await MeetingEvent.query(db()).where({ meetingId: task.meetingId, type: 'delivery' });
  expect(events.map(({ data }) => `${data.channel} ${data.state}`).sort()).toEqual([
    'calendar sent',
    'email sent',
  ]);
});
