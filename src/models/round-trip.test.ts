import { randomUUID } from 'node:crypto';
import { LOCAL_USER, seedLocalUser } from '../db/seed';
import type { Evidence, Failure } from '../domain/meeting';
import { createTestDatabase, type TestDatabase } from '../../test/support/database';
import { insertMeeting } from '../../test/support/meetings';
import { addExtraction, addTask, addTranscript } from '../../test/support/rows';
import { Decision } from './decision';
import { Meeting } from './meeting';
import { Question } from './question';
import type { Task } from './task';
import { HeardSegmentRow, Transcript, type TranscriptSegment } from './transcript';

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

describe('what was put in comes back as it was', () => {
  const evidence: Evidence[] = [
    { segmentId: 's1', startMs: 0, endMs: 900, speaker: 'Anna', quote: '“größer” \\ \' " 🎉\n{"a": [1]}' },
    { segmentId: 's2', startMs: null, endMs: null, speaker: null, quote: '' },
  ];

  it('evidence', async () => {
    const { extractionId } = task as { extractionId: string };
    const item = { meetingId: meeting.id, extractionId, evidence, fingerprint: 'x' };
    const finding = { ...item, position: 0, text: 'x', needsReview: false };
    const decision = await Decision.query(database.knex).insertAndFetch(finding);
    const question = await Question.query(database.knex).insertAndFetch({ ...finding, status: 'open' });
    const found = await addTask(database.knex, { evidence });
    expect([decision.evidence, question.evidence, found.evidence]).toEqual([evidence, evidence, evidence]);
  });

  it('days as days, moments as moments, lists as lists', async () => {
    const deadlineAt = new Date('2026-03-29T01:30:00.123Z');
    const day = await addTask(database.knex, { deadlineDate: '2026-03-29' });
    const moment = await addTask(database.knex, {
      deadlineAt,
      deadlineTimezone: 'Europe/Berlin',
      editedFields: ['name', 'a,"b"'],
    });
    expect(day).toMatchObject({ deadlineDate: '2026-03-29', deadlineAt: null, editedFields: [] });
    expect(moment).toMatchObject({ deadlineDate: null, deadlineAt, editedFields: ['name', 'a,"b"'] });
  });

  it('failures, names of speakers, voices, words', async () => {
    const failure: Failure = { step: 'probe', code: 'x', message: 'ü', retryable: true, at: 'now' };
    await Meeting.query(database.knex).findById(meeting.id).patch({ failure });
    expect((await Meeting.query(database.knex).findById(meeting.id))?.failure).toEqual(failure);
    const speakers = { 'Speaker 1': { name: 'Ölaf', userId: null, source: 'person' as const } };
    const voices = [{ startMs: 0, endMs: 5, voice: null }];
    const draft = { meetingId: meeting.id, requestId: randomUUID(), speakers, voices };
    const { id: transcriptId, ...saved } = await Transcript.query(database.knex).insertAndFetch(draft);
    expect(saved).toMatchObject({ speakers, voices, dropped: 0 });
    const words = [{ startMs: 0, endMs: 5, text: 'ja' }];
    const said = { transcriptId, startMs: 0, endMs: 5, text: 'ja', words };
    await HeardSegmentRow.query(database.knex).insert(said);
    expect(await HeardSegmentRow.query(database.knex).findById([transcriptId, 0])).toMatchObject(said);
  });

  it('a meeting with all that belongs to it', async () => {
    const found = await Meeting.query(database.knex)
      .findById(meeting.id)
      .withGraphFetched(
        '[owner, participants.user, currentTranscript.segments, extractions, tasks.[owner, deliveries], decisions, questions]',
      );
    expect(found).toMatchObject({
      owner: { id: LOCAL_USER.id },
      currentTranscript: { segments: [{ id: segment.id, text: 'Hello.' }] },
      participants: [],
    });
    expect(found!.tasks!.map(({ id }) => id)).toContain(task.id);
    expect(found!.extractions!.length * found!.decisions!.length * found!.questions!.length).toBeGreaterThan(
      0,
    );
  });
});
