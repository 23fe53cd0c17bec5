/** Makes a meeting of what was received: all rows in one transaction. */
import { randomUUID } from 'node:crypto';
import type { Transaction } from 'objection';
import { plainTranscript } from '../../src/domain/plain-transcript';
import type { ParsedTranscript } from '../../src/domain/transcript-files';
import { Meeting } from '../../src/models/meeting';
import { MeetingEvent } from '../../src/models/meeting-event';
import { setParticipants } from '../../src/models/participants';
import { Request } from '../../src/models/request';
import { Transcript, TranscriptSegment } from '../../src/models/transcript';
import type { Upload } from '../../src/models/upload';
import type { User } from '../../src/models/user';
import type { UploadFields } from './fields';
import { keep } from './lease';
import { meetingFacts } from './meeting-facts';
import type { ReceivedFile } from './storage-engine';

export interface NewMeeting {
  lease: Upload;
  fields: UploadFields;
  file: ReceivedFile;
  caller: User;
}

/**
 * After the commit the meeting is the user's, whatever happens to this process.
 * @throws AppError `service-unavailable` when the upload was given up meanwhile
 */
export async function storeMeeting(trx: Transaction, upload: NewMeeting): Promise<Meeting> {
  const meeting = await insertMeeting(trx, upload);
  await setParticipants(trx, meeting.id, upload.fields.participants);
  const requestId = await insertRequest(trx, meeting.id, upload);
  await MeetingEvent.append(trx, meeting.id, 'status', { status: 'queued', step: null });
  const { file, lease } = upload;
  if ('transcript' in file) await insertTranscript(trx, meeting, requestId, file.transcript);
  await keep(trx, lease, meeting.id);
  return meeting;
}

function insertMeeting(trx: Transaction, { lease, fields, file, caller }: NewMeeting): Promise<Meeting> {
  const facts = meetingFacts(fields, file, { callerTimezone: caller.timezone, now: new Date() });
  const media = 'media' in file && {
    mediaKey: lease.mediaKey,
    mediaSha256: file.sha256,
    mediaBytes: String(file.bytes),
    mediaType: file.media.contentType,
  };
  return Meeting.query(trx)
    .insert({
      ...facts,
      ...media,
      ownerId: caller.id,
      language: fields.language ?? null,
      notify: fields.notify,
    })
    .returning('*')
    .execute();
}

/** What the pipeline is to do first: hear the recording, or read the ready transcript. */
async function insertRequest(
  trx: Transaction,
  meetingId: string,
  { file, fields, caller }: NewMeeting,
): Promise<string> {
  const requestId = randomUUID();
  const kind = 'media' in file ? 'transcribe' : 'extract';
  const language = fields.language ?? null;
  await Request.query(trx).insert({ meetingId, requestId, kind, language, requestedBy: caller.id });
  return requestId;
}

async function insertTranscript(
  trx: Transaction,
  meeting: Meeting,
  requestId: string,
  { segments }: ParsedTranscript,
): Promise<void> {
  const { id: transcriptId } = await Transcript.query(trx).insert({
    meetingId: meeting.id,
    requestId,
    version: 1,
    state: 'complete',
    provider: 'upload',
    quality: 'standard',
    language: meeting.language,
  });
  const rows = segments.map((segment, ordinal) => ({ ...segment, transcriptId, ordinal }));
  await TranscriptSegment.insertAll(trx, rows);
  const durationMs = rows.reduce((end, { endMs }) => Math.max(end, endMs ?? 0), 0) || null;
  await Meeting.query(trx)
    .findById(meeting.id)
    .patch({ transcriptId, transcript: plainTranscript(segments), durationMs });
  await MeetingEvent.append(trx, meeting.id, 'transcript', { version: 1, segments: rows.length });
}
