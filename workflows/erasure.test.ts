/** A meeting is deleted at each step of its life: within a minute nothing of it is anywhere, and the receipt says so. */
import type { Meeting } from '../src/models/meeting';
import { ProviderError } from '../src/provider-error';
import { Erasing, MINUTE } from '../test/support/erasing';
import { eventually } from '../test/support/poll';
import { SAMPLE_LINES } from '../test/support/sample';

const NEVER = new Promise<never>(() => undefined);
const NOTHING = { recordings: 0, mails: 0, calendarEntries: 0, histories: 0 };

let erasing: Erasing;
/** What was deleted: its ids, and when, by the erasure's id. */
const deleted = new Map<string, string[]>();

beforeAll(async () => {
  erasing = await Erasing.open();
}, 120_000);
afterAll(() => erasing.close(), 60_000);
afterEach(() => erasing.reset());

async function remove(meeting: Meeting): Promise<string> {
  const ids = await erasing.idsOf(meeting);
  const erasureId = await erasing.delete(meeting);
  deleted.set(erasureId, ids);
  expect((await erasing.whole.api.send('GET', `/meeting/${meeting.id}`)).status).toBe(404);
  return erasureId;
}

const STEPS: Record<string, () => Promise<Meeting>> = {
  'while it is probed': () => erasing.heldAt(erasing.doors.store, erasing.fromRecording),
  'while it is heard': async () => {
    erasing.speech.hold = NEVER;
    const calls = erasing.speech.calls.length;
    const meeting = await erasing.fromRecording();
    await eventually(() => erasing.speech.calls.length > calls, MINUTE);
    return meeting;
  },
  'while a step waits for its next try': async () => {
    const away = new ProviderError('away', 'Away.', { retryable: true, retryAfterMs: 600_000 });
    erasing.speech.breaks = [{ afterSegments: 3, error: away }];
    const meeting = await erasing.fromRecording();
    await eventually(() => erasing.speech.breaks.length === 0, MINUTE);
    return meeting;
  },
  'while it is read': () => erasing.heldAt(erasing.doors.extractor, erasing.fromTranscript),
  'in the window for more requests': () => erasing.settled(),
  'after it has failed': async () => {
    const error = new ProviderError('broken', 'Broken.', { retryable: false });
    erasing.speech.breaks = [{ afterSegments: 3, error }];
    const meeting = await erasing.fromRecording();
    await erasing.driver.becomes(meeting, 'failed');
    return meeting;
  },
  'after it was cancelled': async () => {
    erasing.speech.hold = NEVER;
    const meeting = await erasing.fromRecording();
    await erasing.driver.becomes(meeting, 'transcribing');
    await erasing.driver.ask(meeting, 'cancel');
    await erasing.driver.becomes(meeting, 'cancelled');
    return meeting;
  },
  'before its run has started': () => erasing.driver.stored(SAMPLE_LINES),
};

it.each(Object.entries(STEPS))(
  'deleted %s, its rows go at once',
  async (_, prepare) => {
    const erasureId = await remove(await prepare());
    await eventually(() => erasing.rowsAreGone(deleted.get(erasureId)!), MINUTE);
  },
  120_000,
);

it.each(['mailer', 'calendar'] as const)(
  'deleted while the %s is in a call: rows go at once, what the call put into the world right after it',
  async (name) => {
    const door = erasing.doors[name];
    const meeting = await erasing.heldAt(door, erasing.fromTranscript);
    await erasing.driver.becomes(meeting, 'ready');
    const erasureId = await remove(meeting);
    await eventually(() => erasing.rowsAreGone(deleted.get(erasureId)!), MINUTE);
    await eventually(async () => {
      const run = await erasing.driver.client.workflow.getHandle(`erasure-${meeting.id}`).describe();
      const waiting = run.raw.pendingActivities?.map(({ activityType }) => activityType?.name);
      expect(waiting).toEqual(['awaitCalls']);
    }, MINUTE);
    expect((await erasing.receipt(erasureId)).state).toBe('running');
    expect(door.waiting).toBeGreaterThan(0);
  },
  120_000,
);

it.each([
  ['items are being saved', 'decisions'],
  ['tasks are being handed over', 'requests'],
])(
  'deleted while its %s: after that step',
  async (_, table) => {
    const { db } = erasing.driver;
    const meeting = await erasing.heldAt(erasing.doors.extractor, erasing.fromTranscript);
    const lock = await db.transaction();
    await lock.raw(`lock table ${table} in exclusive mode`);
    erasing.doors.extractor.open();
    const waiting = async (count: number) => {
      const { rows } = await db.raw<{ rows: unknown[] }>(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows.length >= count;
    };
    await eventually(() => waiting(1), MINUTE);
    const removed = remove(meeting);
    await eventually(() => waiting(2), MINUTE);
    await lock.rollback();
    const erasureId = await removed;
    await eventually(() => erasing.rowsAreGone(deleted.get(erasureId)!), MINUTE);
  },
  120_000,
);

it('and of none is anything left, in rows, files and calendars; the histories follow', async () => {
  expect(deleted.size).toBe(Object.keys(STEPS).length + 4);
  for (const [erasureId, ids] of deleted) {
    const receipt = await erasing.isDone(erasureId);
    expect(receipt).toMatchObject({ meetingId: ids[0], remaining: NOTHING });
    expect(Date.parse(receipt.finishedAt) - Date.parse(receipt.createdAt)).toBeLessThan(60_000);
  }
  for (const ids of deleted.values()) {
    await erasing.rowsAreGone(ids);
    await erasing.filesAreGone(ids);
  }
  for (const ids of deleted.values()) await erasing.historiesGo(ids);
}, 200_000);
