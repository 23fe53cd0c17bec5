import type { JudgedItems, JudgedTask } from '../src/domain/judged';
import { seedLocalUser } from '../src/db/seed';
import { Decision } from '../src/models/decision';
import { Extraction } from '../src/models/extraction';
import { Meeting } from '../src/models/meeting';
import { MeetingEvent } from '../src/models/meeting-event';
import { Question } from '../src/models/question';
import { Task } from '../src/models/task';
import { rowDeps } from '../test/support/activity-deps';
import { createTestDatabase, type TestDatabase } from '../test/support/database';
import { askFor, insertMeeting, withTranscript } from '../test/support/meetings';
import { applyExtraction } from './apply-extraction';

let database: TestDatabase;
let meeting: Meeting;

beforeAll(async () => {
  database = await createTestDatabase();
  await seedLocalUser(database.knex);
});
afterAll(() => database.destroy());
beforeEach(async () => {
  const inserted = await insertMeeting(database.knex);
  await withTranscript(database.knex, inserted, ['Anna: Hello.']);
  meeting = await Meeting.query(database.knex).findById(inserted.id).throwIfNotFound();
});

const task = (name: string, fields: Partial<JudgedTask> = {}): JudgedTask => ({
  name,
  ownerUserId: null,
  ownerText: null,
  deadline: null,
  deadlineText: null,
  category: null,
  needsReview: false,
  agreed: false,
  evidence: [],
  ...fields,
});

async function extracted(items: Partial<JudgedItems>, coverage = 1): Promise<string> {
  const requestId = await askFor(database.knex, meeting.id, 'extract');
  await Extraction.query(database.knex).insert({
    meetingId: meeting.id,
    transcriptId: meeting.transcriptId!,
    requestId,
    items: { tasks: [], decisions: [], questions: [], ...items },
    provider: 'local',
    model: 'rules',
    quality: 'draft',
    promptVersion: '1',
    coverage,
  });
  return requestId;
}

const apply = (requestId: string) =>
  applyExtraction(rowDeps(database.knex), { meetingId: meeting.id, requestId, kind: 'extract' });
const tasks = () => Task.query(database.knex).where({ meetingId: meeting.id }).orderBy('name');

it('writes items as rows, once, however often it runs', async () => {
  const decision = { text: 'Launch on the tenth', needsReview: false, evidence: [] };
  const question = { text: 'Who pays?', status: 'open' as const, needsReview: false, evidence: [] };
  const requestId = await extracted({
    tasks: [task('Call Bob')],
    decisions: [decision],
    questions: [question],
  });
  await apply(requestId);
  await apply(requestId);
  expect(await tasks()).toHaveLength(1);
  expect(await Decision.query(database.knex).where({ meetingId: meeting.id })).toMatchObject([decision]);
  expect(await Question.query(database.knex).where({ meetingId: meeting.id })).toMatchObject([question]);
  const extraction = await Extraction.query(database.knex).findOne({ requestId });
  expect(extraction).toMatchObject({
    version: 1,
    state: 'applied',
    items: null,
    counts: { actionItems: 1, decisions: 1, questions: 1 },
    changes: { added: 3, updated: 0, removed: 0, kept: 0 },
  });
});

it('keeps a day as a day and a moment as a moment, in the zone of the meeting', async () => {
  const day = task('A day', { deadline: { date: '2025-10-17' }, deadlineText: 'by Friday' });
  const moment = task('B moment', { deadline: { at: '2025-10-17T15:00:00+02:00' } });
  await apply(await extracted({ tasks: [day, moment] }));
  expect(await tasks()).toMatchObject([
    { deadlineDate: '2025-10-17', deadlineAt: null, deadlineTimezone: 'UTC', deadlineText: 'by Friday' },
    { deadlineDate: null, deadlineAt: new Date('2025-10-17T13:00:00Z'), deadlineTimezone: 'UTC' },
  ]);
});

it('changes what nobody touched, removes what is gone, and counts it', async () => {
  await apply(await extracted({ tasks: [task('Call Bob'), task('Book a room')] }));
  const second = await extracted({ tasks: [task('Call Bob', { category: 'phone' }), task('Write a mail')] });
  await apply(second);
  expect(await tasks()).toMatchObject([
    { name: 'Call Bob', category: 'phone', version: 2 },
    { name: 'Write a mail', version: 1 },
  ]);
  expect(await Extraction.query(database.knex).findOne({ requestId: second })).toMatchObject({
    version: 2,
    changes: { added: 1, updated: 1, removed: 1, kept: 0 },
  });
  const events = await MeetingEvent.query(database.knex)
    .where({ meetingId: meeting.id, type: 'task' })
    .orderBy('seq');
  expect(events.map(({ data }) => data.change)).toEqual(['added', 'added', 'updated', 'added', 'removed']);
});

it('never changes, removes or brings back what a person touched', async () => {
  await apply(await extracted({ tasks: [task('A edited'), task('B done'), task('C deleted')] }));
  const [edited, done, deleted] = await tasks();
  await edited!.$query(database.knex).patch({ category: 'mine', editedFields: ['category'] });
  await done!.$query(database.knex).patch({ status: 'done' });
  await deleted!.$query(database.knex).patch({ deletedAt: new Date() });
  const before = await tasks();
  await apply(await extracted({ tasks: [task('A edited', { category: 'theirs' }), task('C deleted')] }));
  expect(await tasks()).toEqual(before);
});

it('never touches what a person wrote', async () => {
  await Task.query(database.knex).insert({ meetingId: meeting.id, name: 'Mine', origin: 'human' });
  await apply(await extracted({}));
  expect(await tasks()).toMatchObject([{ name: 'Mine' }]);
});

it('a reading that left something out removes nothing', async () => {
  const decision = (text: string) => ({ text, needsReview: false, evidence: [] });
  const question = { ...decision('Who pays?'), status: 'open' as const };
  await apply(
    await extracted({
      tasks: [task('Call Bob'), task('Book a room')],
      decisions: [decision('Launch on the tenth'), decision('Drop the tablet')],
      questions: [question],
    }),
  );
  await apply(await extracted({ tasks: [task('Call Bob')], decisions: [decision('Drop the tablet')] }, 0.5));
  expect((await tasks()).map(({ name }) => name)).toEqual(['Book a room', 'Call Bob']);
  const texts = await Decision.query(database.knex).where({ meetingId: meeting.id }).orderBy('text');
  expect(texts.map(({ text }) => text)).toEqual(['Drop the tablet', 'Launch on the tenth']);
  expect(await Question.query(database.knex).where({ meetingId: meeting.id })).toMatchObject([question]);
});
