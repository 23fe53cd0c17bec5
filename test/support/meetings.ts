/** Rows that the api would have written, for tests that begin behind it. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Knex } from 'knex';
import { plainTranscript } from '../../src/domain/plain-transcript';
import { LOCAL_USER } from '../../src/db/seed';
import { Meeting, MeetingParticipant } from '../../src/models/meeting';
import { Request } from '../../src/models/request';
import { Transcript, TranscriptSegment } from '../../src/models/transcript';
import { User } from '../../src/models/user';
import type { MediaStore } from '../../src/ports';
import { heard } from './scripted-speech';

export interface NewMeeting {
  /** First names; each becomes a user with an address of their own. */
  participants?: string[];
  recordedAt?: string;
  notify?: 'auto' | 'manual';
}

/** A stored meeting of the local user with its participants, not yet started. */
export async function insertMeeting(db: Knex, options: NewMeeting = {}): Promise<Meeting> {
  const meeting = await Meeting.query(db).insertAndFetch({
    ownerId: LOCAL_USER.id,
    title: 'Weekly planning',
    recordedAt: new Date(options.recordedAt ?? '2025-10-14T09:00:00Z'),
    timezone: 'UTC',
    notify: options.notify ?? 'auto',
  });
  for (const [position, name] of (options.participants ?? []).entries()) {
    const user = await insertUser(db, name);
    await MeetingParticipant.query(db).insert({ meetingId: meeting.id, userId: user.id, name, position });
  }
  return meeting;
}

export const insertUser = async (db: Knex, name: string): Promise<User> =>
  User.query(db).insertAndFetch({ name, email: `${name.toLowerCase()}-${randomUUID()}@example.com` });

/** Gives the meeting a ready transcript of `Speaker: words` lines and the request to read it. */
export async function withTranscript(db: Knex, meeting: Meeting, lines: string[]): Promise<string> {
  const requestId = await askFor(db, meeting.id, 'extract');
  const segments = heard(lines).map(({ words: _, ...segment }, ordinal) => ({ ...segment, ordinal }));
  const transcript = await Transcript.query(db).insertAndFetch({
    meetingId: meeting.id,
    requestId,
    state: 'complete',
    version: 1,
    provider: 'upload',
    quality: 'standard',
  });
  await TranscriptSegment.query(db).insert(
    segments.map((segment) => ({ ...segment, transcriptId: transcript.id })),
  );
  await Meeting.query(db)
    .findById(meeting.id)
    .patch({ transcriptId: transcript.id, transcript: plainTranscript(segments) });
  return requestId;
}

/** Gives the meeting a recording and the request to hear it. */
export async function withMedia(
  db: Knex,
  store: MediaStore,
  meeting: Meeting,
  bytes: Buffer,
): Promise<string> {
  const mediaKey = `${meeting.id}/recording`;
  const mediaType = 'audio/mpeg';
  const stored = await store.put(mediaKey, Readable.from([bytes]), { contentType: mediaType });
  await Meeting.query(db)
    .findById(meeting.id)
    .patch({ mediaKey, mediaType, mediaSha256: stored.sha256, mediaBytes: String(stored.bytes) });
  return askFor(db, meeting.id, 'transcribe');
}

/** A request as the api writes it; returns its id. */
export async function askFor(
  db: Knex,
  meetingId: string,
  kind: Request['kind'],
  instructions: string | null = null,
): Promise<string> {
  const requestId = randomUUID();
  await Request.query(db).insert({ meetingId, requestId, kind, instructions });
  return requestId;
}
