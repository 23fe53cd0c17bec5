/** What an erasure tells, what it leaves to people, and who else can't keep it from its end. */
import { Client, Connection } from '@temporalio/client';
import { catchUp } from '../api/catch-up';
import { LOCAL_USER } from '../src/db/seed';
import { Delivery } from '../src/models/delivery';
import { Erasure } from '../src/models/erasure';
import type { Task } from '../src/models/task';
import { CALENDAR_NOT_CONNECTED } from '../src/ports';
import { ProviderError } from '../src/provider-error';
import type { LocalCalendar } from '../src/providers/local/calendar';
import { Erasing, MINUTE } from '../test/support/erasing';
import { eventually } from '../test/support/poll';
import { SAMPLE_LINES } from '../test/support/sample';

const NOTHING = { recordings: 0, mails: 0, calendarEntries: 0, histories: 0 };

let erasing: Erasing;
/** What the next removals from a calendar answer. */
let refusals: ProviderError[] = [];

beforeAll(async () => {
  erasing = await Erasing.open();
  const { calendar } = erasing.whole.pipeline.providers;
  const remove = calendar.remove.bind(calendar);
  calendar.remove = async (...args: Parameters<LocalCalendar['remove']>) => {
    const refusal = refusals.shift();
    if (refusal) throw refusal;
    return remove(...args);
  };
}, 120_000);
afterAll(() => erasing.close(), 60_000);
afterEach(() => {
  refusals = [];
});

const sentOf = async (tasks: Task[], channel: Delivery['channel']) => {
  const ids = tasks.map(({ id }) => id);
  return Delivery.query(erasing.driver.db).whereIn('task_id', ids).where({ state: 'sent', channel });
};

it('counts what was removed, without content', async () => {
  const meeting = await erasing.settled();
  const tasks = await erasing.driver.tasksOf(meeting);
  const mails = await sentOf(tasks, 'email');
  const entries = await sentOf(tasks, 'calendar');
  const ids = await erasing.idsOf(meeting);
  const erasureId = await erasing.delete(meeting);
  expect(await erasing.isDone(erasureId)).toEqual({
    id: erasureId,
    meetingId: meeting.id,
    state: 'done',
    removed: {
      transcripts: 1,
      segments: SAMPLE_LINES.length,
      extractions: 1,
      tasks: tasks.length,
      decisions: expect.any(Number),
      questions: expect.any(Number),
      recordings: 1,
      mails: mails.length,
      calendarEntries: entries.length,
      histories: tasks.length + 1,
    },
    remaining: NOTHING,
    createdAt: expect.any(String),
    finishedAt: expect.any(String),
  });
  expect([mails, entries].every(({ length }) => length > 0)).toBe(true);
  await erasing.historiesGo(ids);
}, 400_000);

it('while Temporal is away the meeting is gone at once; it is erased when that is back', async () => {
  const meeting = await erasing.settled();
  const ids = await erasing.idsOf(meeting);
  const { deps, send } = erasing.whole.api;
  // Stays open: a retry of its own, on a timer, would throw on a closed channel.
  deps.temporal = new Client({ connection: Connection.lazy({ address: '127.0.0.1:1' }) });
  const erasureId = await erasing.delete(meeting).finally(() => (deps.temporal = erasing.driver.client));
  expect((await send('GET', `/meeting/${meeting.id}`)).status).toBe(404);
  const erasures = Erasure.query(erasing.driver.db);
  expect(await erasures.clone().findById(erasureId)).toMatchObject({ startedAt: null });
  await erasures.findById(erasureId).patch({ createdAt: new Date(Date.now() - 60_000) });
  expect(await catchUp(deps)).toMatchObject({ erasures: 1 });
  await erasing.isDone(erasureId);
  await erasing.rowsAreGone(ids);
  await erasing.filesAreGone(ids);
  expect(await catchUp(deps)).toMatchObject({ erasures: 0 });
}, 150_000);

it('one whose run was broken off begins anew', async () => {
  const meeting = await erasing.settled();
  refusals = Array.from({ length: 50 }, () => new ProviderError('away', 'Away.', { retryable: true }));
  const erasureId = await erasing.delete(meeting);
  await eventually(() => refusals.length < 50, MINUTE);
  await erasing.driver.client.workflow.getHandle(`erasure-${meeting.id}`).terminate();
  refusals = [];
  const longAgo = new Date(Date.now() - 3_600_000);
  await Erasure.query(erasing.driver.db)
    .findById(erasureId)
    .patch({ createdAt: longAgo, startedAt: longAgo });
  expect(await catchUp(erasing.whole.api.deps)).toMatchObject({ erasures: 1 });
  expect(await erasing.isDone(erasureId)).toMatchObject({ remaining: NOTHING });
}, 150_000);

it('an entry on a calendar that is not connected any more is left, said, and holds up nothing', async () => {
  const meeting = await erasing.settled();
  const entries = await sentOf(await erasing.driver.tasksOf(meeting), 'calendar');
  refusals = [new ProviderError(CALENDAR_NOT_CONNECTED, 'Not connected.', { retryable: false })];
  const receipt = await erasing.isDone(await erasing.delete(meeting));
  expect(receipt.remaining).toEqual({ ...NOTHING, calendarEntries: 1 });
  expect(receipt.removed.calendarEntries).toBe(entries.length - 1);
}, 150_000);

it('a task that a person wrote stays theirs, with its mail and entry, and knows nothing of the meeting', async () => {
  const meeting = await erasing.settled();
  const { send } = erasing.whole.api;
  const written = { name: 'Call the printer', meetingId: meeting.id, deadline: '2030-05-06' };
  const { body: task } = await send('POST', '/tasks', { body: written });
  await send('POST', `/notify/${task.id}`);
  const calendar = () => erasing.calendarOf(LOCAL_USER.id);
  await eventually(() => expect(calendar()).toContain('Meeting: Weekly planning'), MINUTE);
  await erasing.isDone(await erasing.delete(meeting));
  const { status, body } = await send('GET', `/task/${task.id}`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    name: 'Call the printer',
    meetingId: null,
    evidence: [],
    owner: LOCAL_USER.id,
  });
  expect(body.deliveries.map(({ state }: Delivery) => state)).toEqual(['sent', 'sent']);
  expect((await send('GET', `/tasks/${LOCAL_USER.id}`)).body.data).toHaveLength(1);
  await eventually(() => expect(calendar()).not.toContain('Weekly planning'), MINUTE);
  expect(calendar()).toContain('SUMMARY:Call the printer');
}, 150_000);
