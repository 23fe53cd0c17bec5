/** What the database itself refuses, and what goes with what. */
import { randomUUID } from 'node:crypto';
import { LOCAL_USER, seedLocalUser } from '../db/seed';
import { createTestDatabase, type TestDatabase } from '../../test/support/database';
import { insertMeeting } from '../../test/support/meetings';
import { addExtraction, addTask, addTranscript, addUser } from '../../test/support/rows';
import { Delivery } from './delivery';
import { Extraction } from './extraction';
import { Meeting } from './meeting';
import { Request } from './request';
import { Task } from './task';
import { TranscriptSegment } from './transcript';
import { User } from './user';

let database: TestDatabase;
let meeting: Meeting;
let segment: TranscriptSegment;
let task: Task;

beforeAll(async () => {
  database = await createTestDatabase();
  await seedLocalUser(database.knex);
  meeting = await insertMeeting(database.knex);
  [segment] = (await addTranscript(database.knex, meeting, [['Anna', 'Hello.']])) as [TranscriptSegment];
  task = await addExtraction(database.knex, meeting, segment);
});
afterAll(() => database.destroy());

const CHECK = '23514';
const UNIQUE = '23505';

type Row = [table: string, columns: () => Record<string, unknown>];

const person = () => ({ name: 'X', email: `${randomUUID()}@example.com` });
const aMeeting = () => ({ owner_id: LOCAL_USER.id, title: 'x', recorded_at: new Date(), timezone: 'UTC' });
const aRequest = () => ({ meeting_id: meeting.id, request_id: randomUUID(), kind: 'extract' });
const anExtraction = () => ({
  meeting_id: meeting.id,
  transcript_id: segment.transcriptId,
  request_id: randomUUID(),
  provider: 'local',
  model: 'rules',
  quality: 'draft',
  prompt_version: '1',
  coverage: 1,
});
const aDelivery = () => ({ task_id: task.id, channel: 'email', kind: 'assigned', task_version: 1 });
const aTranscript = () => ({ meeting_id: meeting.id, request_id: randomUUID() });

describe('a row that is as it should be is taken', () => {
  it.each<Row>([
    ['users', person],
    ['meetings', aMeeting],
    ['requests', aRequest],
    ['extractions', anExtraction],
    ['transcripts', aTranscript],
    ['tasks', () => ({ name: 'x', origin: 'human' })],
    ['deliveries', () => ({ ...aDelivery(), task_version: 99 })],
  ])('%s', async (table, columns) => {
    await expect(database.knex(table).insert(columns())).resolves.toBeDefined();
  });
});

describe('a word that is none of those is refused', () => {
  it.each<Row>([
    ['users', () => ({ ...person(), role: 'owner' })],
    ['meetings', () => ({ ...aMeeting(), status: 'done' })],
    ['meetings', () => ({ ...aMeeting(), notify: 'maybe' })],
    ['uploads', () => ({ media_key: randomUUID(), lease_until: new Date(), state: 'lost' })],
    ['requests', () => ({ ...aRequest(), kind: 'delete' })],
    ['requests', () => ({ ...aRequest(), state: 'open' })],
    ['transcripts', () => ({ ...aTranscript(), quality: 'best' })],
    ['transcripts', () => ({ ...aTranscript(), state: 'half' })],
    ['extractions', () => ({ ...anExtraction(), quality: 'best' })],
    ['tasks', () => ({ name: 'x', origin: 'robot' })],
    ['tasks', () => ({ name: 'x', origin: 'ai', status: 'later' })],
    ['deliveries', () => ({ ...aDelivery(), channel: 'sms' })],
    ['deliveries', () => ({ ...aDelivery(), kind: 'greeting' })],
    ['deliveries', () => ({ ...aDelivery(), state: 'lost' })],
    ['meeting_events', () => ({ meeting_id: meeting.id, seq: 99, type: 'gossip', data: '{}' })],
  ])('%s %#', async (table, columns) => {
    await expect(database.knex(table).insert(columns())).rejects.toMatchObject({ code: CHECK });
  });
});

describe('what contradicts itself is refused', () => {
  it.each<[string, ...Row]>([
    ['an address that is not lower case', 'users', () => ({ ...person(), email: 'A@example.com' })],
    ['media of which something is missing', 'meetings', () => ({ ...aMeeting(), media_key: 'x' })],
    ['a recording of less than nothing', 'meetings', () => ({ ...aMeeting(), duration_ms: -1 })],
    ['a request without a name', 'requests', () => ({ ...aRequest(), request_id: '' })],
    [
      'a request with a novel as its name',
      'requests',
      () => ({ ...aRequest(), request_id: 'x'.repeat(101) }),
    ],
    ['a draft with a version', 'transcripts', () => ({ ...aTranscript(), version: 7 })],
    ['a transcript without one', 'transcripts', () => ({ ...aTranscript(), state: 'complete' })],
    [
      'an applied extraction without a version',
      'extractions',
      () => ({ ...anExtraction(), state: 'applied' }),
    ],
    ['more than all read', 'extractions', () => ({ ...anExtraction(), coverage: 1.01 })],
    [
      'two deadlines',
      'tasks',
      () => ({
        name: 'x',
        origin: 'ai',
        deadline_date: '2025-10-17',
        deadline_at: new Date(),
        deadline_timezone: 'UTC',
      }),
    ],
    ['a moment without a zone', 'tasks', () => ({ name: 'x', origin: 'ai', deadline_at: new Date() })],
    ['a category of 51 characters', 'tasks', () => ({ name: 'x', origin: 'ai', category: 'x'.repeat(51) })],
    [
      'a piece that ends before it begins',
      'transcript_pieces',
      () => ({ transcript_id: segment.transcriptId, start_ms: 5, end_ms: 5 }),
    ],
    [
      'event number 0',
      'meeting_events',
      () => ({ meeting_id: meeting.id, seq: 0, type: 'status', data: '{}' }),
    ],
  ])('%s', async (_, table, columns) => {
    await expect(database.knex(table).insert(columns())).rejects.toMatchObject({ code: CHECK });
  });
});

describe('what can be there only once', () => {
  it.each<[string, ...Row]>([
    ['an address', 'users', () => ({ name: 'Y', email: LOCAL_USER.email })],
    ['a request of a meeting', 'requests', () => ({ ...aRequest(), request_id: 'same' })],
    ['the extraction of a request', 'extractions', () => ({ ...anExtraction(), request_id: 'same' })],
    ['the draft of a request', 'transcripts', () => ({ ...aTranscript(), request_id: 'same' })],
    ['a mail of a version, also to nobody', 'deliveries', () => ({ ...aDelivery(), task_version: 7 })],
    [
      'a calendar event',
      'calendar_events',
      () => ({ task_id: task.id, event_id: 'same', generation: 1, provider: 'local' }),
    ],
    [
      'an event of a meeting',
      'meeting_events',
      () => ({ meeting_id: meeting.id, seq: 1, type: 'status', data: '{}' }),
    ],
    [
      'a key of a person',
      'idempotency_keys',
      () => ({ user_id: LOCAL_USER.id, key: 'k', route: 'x', lease_until: new Date() }),
    ],
  ])('%s', async (_, table, columns) => {
    const same = columns();
    await database.knex(table).insert(same).onConflict().ignore();
    await expect(database.knex(table).insert(same)).rejects.toMatchObject({ code: UNIQUE });
  });

  it('but a mail that a person asks for again is another', async () => {
    await database.knex('deliveries').insert({ ...aDelivery(), task_version: 8 });
    await database.knex('deliveries').insert({ ...aDelivery(), task_version: 8, resend: 1 });
    expect(await Delivery.query(database.knex).where({ taskVersion: 8 }).resultSize()).toBe(2);
  });
});

describe('who goes takes along what is theirs, and no more', () => {
  it('a user who owns meetings stays', async () => {
    const deleted = User.query(database.knex).deleteById(LOCAL_USER.id);
    await expect(deleted).rejects.toThrow('meetings_owner_id_fkey');
  });

  it('a user who owns none goes; their tasks and mails stay without an owner', async () => {
    const ben = await addUser(database.knex);
    const theirs = await addTask(database.knex, { ownerId: ben.id, createdBy: ben.id });
    const mail = await Delivery.query(database.knex).insertAndFetch({
      taskId: theirs.id,
      userId: ben.id,
      channel: 'email',
      kind: 'assigned',
      taskVersion: 1,
    });
    await User.query(database.knex).deleteById(ben.id);
    const left = await Task.query(database.knex).findById(theirs.id);
    expect(left).toMatchObject({ ownerId: null, createdBy: null });
    expect(await Delivery.query(database.knex).findById(mail.id)).toMatchObject({ userId: null });
  });

  it('a meeting takes its words, readings, findings and requests', async () => {
    const gone = await insertMeeting(database.knex, { participants: ['Anna'] });
    const [first] = await addTranscript(database.knex, gone, [['Anna', 'Hello.']]);
    await addExtraction(database.knex, gone, first!);
    await Request.query(database.knex).insert({ meetingId: gone.id, requestId: 'x', kind: 'extract' });
    await Meeting.query(database.knex).findById(gone.id).patch({ transcriptId: null });
    await Extraction.query(database.knex).where({ meetingId: gone.id }).delete();
    await Meeting.query(database.knex).deleteById(gone.id);
    for (const table of ['transcripts', 'extractions', 'decisions', 'questions', 'requests']) {
      expect(await database.knex(table).where({ meeting_id: gone.id })).toEqual([]);
    }
    expect(await TranscriptSegment.query(database.knex).findById(first!.id)).toBeUndefined();
  });
});
