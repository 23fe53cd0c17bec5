/** Rows for tests; each fills in what it needs. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { ModelObject } from 'objection';
import { LOCAL_USER } from '../../src/db/seed';
import { plainTranscript } from '../../src/domain/plain-transcript';
import { Decision } from '../../src/models/decision';
import { Extraction } from '../../src/models/extraction';
import { Meeting } from '../../src/models/meeting';
import { setParticipants } from '../../src/models/participants';
import { Question } from '../../src/models/question';
import { Task } from '../../src/models/task';
import { Transcript, TranscriptSegment, type SpeakerName } from '../../src/models/transcript';
import { User } from '../../src/models/user';

type Some<M extends Meeting | Task | User> = Partial<ModelObject<M>>;

export function addUser(knex: Knex, columns: Some<User> = {}): Promise<User> {
  const email = `user-${randomUUID()}@example.com`;
  return User.query(knex)
    .insert({ name: 'Ben Ode', email, ...columns })
    .returning('*')
    .execute();
}

/** A ready one of the local user, 77 s long, with media. */
export function addMeeting(knex: Knex, columns: Some<Meeting> = {}): Promise<Meeting> {
  return Meeting.query(knex)
    .insert({
      ownerId: LOCAL_USER.id,
      title: 'Flight software',
      status: 'ready',
      recordedAt: new Date('2025-11-03T09:00:00Z'),
      timezone: 'Europe/Berlin',
      durationMs: 77_000,
      mediaKey: `meetings/${randomUUID()}`,
      mediaSha256: 'a'.repeat(64),
      mediaBytes: '1000',
      mediaType: 'audio/mpeg',
      runStartedAt: new Date(),
      ...columns,
    })
    .returning('*')
    .execute();
}

/** The four columns of a ready transcript. */
export const NO_MEDIA = { mediaKey: null, mediaSha256: null, mediaBytes: null, mediaType: null };

/** A task that `TaskSync` has nothing to do for. */
export function addTask(knex: Knex, columns: Some<Task> = {}): Promise<Task> {
  return Task.query(knex)
    .insert({
      name: 'Send the report',
      ownerId: LOCAL_USER.id,
      origin: 'human',
      syncedVersion: 1,
      ...columns,
    })
    .returning('*')
    .execute();
}

export function addParticipant(knex: Knex, meeting: Meeting, { name, email }: User): Promise<void> {
  return setParticipants(knex, meeting.id, [{ name, email }]);
}

/** A complete transcript, served from now on. `said` = label and words, a second each. */
export async function addTranscript(
  knex: Knex,
  meeting: Meeting,
  said: [speaker: string | null, text: string][],
  speakers: Record<string, SpeakerName> = {},
): Promise<TranscriptSegment[]> {
  const facts = { meetingId: meeting.id, requestId: randomUUID(), state: 'complete', version: 1 } as const;
  const { id: transcriptId } = await Transcript.query(knex).insert({ ...facts, speakers });
  const rows = said.map(([speaker, text], ordinal) => ({
    transcriptId,
    ordinal,
    speaker,
    text,
    startMs: ordinal * 1000,
    endMs: ordinal * 1000 + 900,
  }));
  const segments = await TranscriptSegment.query(knex).insert(rows).returning('*');
  const transcript = plainTranscript(segments, speakers);
  await Meeting.query(knex).findById(meeting.id).patch({ transcriptId, transcript });
  return segments;
}

/** An applied extraction with one decision, one question and one task, all citing `segment`. */
export async function addExtraction(knex: Knex, meeting: Meeting, segment: TranscriptSegment) {
  const evidence = [
    {
      segmentId: segment.id,
      startMs: segment.startMs,
      endMs: segment.endMs,
      speaker: segment.speaker,
      quote: segment.text,
    },
  ];
  const extraction = await Extraction.query(knex).insert({
    meetingId: meeting.id,
    transcriptId: segment.transcriptId,
    requestId: randomUUID(),
    version: 1,
    state: 'applied',
    provider: 'local',
    model: 'rules',
    quality: 'draft',
    promptVersion: '1',
    coverage: 0.9,
    counts: { actionItems: 1, decisions: 1, questions: 1 },
    changes: { added: 3, updated: 0, removed: 0, kept: 0 },
  });
  const shared = { meetingId: meeting.id, extractionId: extraction.id, evidence, fingerprint: 'x' };
  const item = { ...shared, position: 0, needsReview: false };
  await Decision.query(knex).insert({ ...item, text: 'We ship on Friday' });
  await Question.query(knex).insert({ ...item, text: 'Who signs?', status: 'open' });
  return addTask(knex, { ...shared, origin: 'ai', ownerText: 'Ben', deadlineText: 'by Friday' });
}
