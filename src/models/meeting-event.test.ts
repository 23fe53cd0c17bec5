import type { Meeting } from './meeting';
import { seedLocalUser } from '../db/seed';
import { createTestDatabase, type TestDatabase } from '../../test/support/database';
import { insertMeeting } from '../../test/support/meetings';
import { Meeting as Meetings } from './meeting';
import { EVENT_TYPES, MeetingEvent } from './meeting-event';

let database: TestDatabase;
let meeting: Meeting;

beforeAll(async () => {
  database = await createTestDatabase();
  await seedLocalUser(database.knex);
});
afterAll(() => database.destroy());
beforeEach(async () => {
  meeting = await insertMeeting(database.knex);
});

const append = (id: string, data: Record<string, unknown> = {}) =>
  Meetings.transaction(database.knex, (trx) => MeetingEvent.append(trx, id, 'status', data));
const sequence = async (id: string) =>
  (await MeetingEvent.query(database.knex).where({ meetingId: id }).orderBy('seq')).map(({ seq }) => seq);
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

it('numbers events without a gap, also when twenty come at once', async () => {
  await Promise.all(numbers(20).map((n) => append(meeting.id, { n })));
  expect(await sequence(meeting.id)).toEqual(numbers(20));
  const events = await MeetingEvent.query(database.knex).where({ meetingId: meeting.id });
  expect(new Set(events.map(({ data }) => data.n)).size).toBe(20);
});

it('leaves no gap where a change was rolled back', async () => {
  await append(meeting.id);
  const broken = Meetings.transaction(database.knex, async (trx) => {
    await MeetingEvent.append(trx, meeting.id, 'task', {});
    throw new Error('changed my mind');
  });
  await expect(broken).rejects.toThrow('changed my mind');
  await append(meeting.id);
  expect(await sequence(meeting.id)).toEqual([1, 2]);
});

it('counts each meeting by itself', async () => {
  const other = await insertMeeting(database.knex);
  for (const id of [meeting.id, other.id, meeting.id]) await append(id);
  expect([await sequence(meeting.id), await sequence(other.id)]).toEqual([[1, 2], [1]]);
});

it('tells nobody of a meeting that was erased meanwhile', async () => {
  await Meetings.query(database.knex).deleteById(meeting.id);
  await append(meeting.id);
  expect(await sequence(meeting.id)).toEqual([]);
});

it('goes with its meeting', async () => {
  await append(meeting.id);
  await Meetings.query(database.knex).deleteById(meeting.id);
  expect(await sequence(meeting.id)).toEqual([]);
});

it.each(EVENT_TYPES)('keeps what happened as it was said: %s', async (type) => {
  const data = { step: 'extract', words: '“größer” 🎉', list: [1, null, { deep: true }] };
  await Meetings.transaction(database.knex, (trx) => MeetingEvent.append(trx, meeting.id, type, data));
  expect(await MeetingEvent.query(database.knex).findById([meeting.id, 1])).toMatchObject({
    type,
    data,
    at: expect.any(Date),
  });
});
