/** Makes a meeting of what was received: all rows in one transaction. */
import { randomUUID } from 'node:crypto';
import type { Transaction } from 'objection';
import { plainTranscript } from '../../src/domain/plain-transcript';
import type { ParsedTranscript } from '../../src/domain/transcript-files';
import { Meeting } from '../../src/models/meeting';
import { MeetingEvent } from '../../src/models/meeting-event';
import { addParticipants } from '../../src/models/participants';
import { Request } from '../../src/models/request';
import { Transcript } from '../../src/models/transcript';
import type { User } from '../../src/models/user';
import type { FirstRequest } from '../../workflows/messages';
import type { UploadFields } from './fields';
import type { LeasedObject } from './lease';
import { meetingFacts } from './meeting-facts';
import type { ReceivedFile } from './storage-engine';

export interface NewMeeting {
  object: LeasedObject;
  fields: UploadFields;
  file: ReceivedFile;
  caller: User;
}

const QUEUED = { type: 'status', data: { status: 'queued', step: null } } as const;
const readyTranscript = ({ segments }: ParsedTranscript) =>
  ({ type: 'transcript', data: { version: 1, segments: segments.length } }) as const;

/**
 * After the commit the meeting is the user's, whatever happens to this process.
 * @throws AppError `service-unavailable` when the upload was given up meanwhile
 */
export async function storeMeeting(
  trx: Transaction,
  upload: NewMeeting,
): Promise<{ meeting: Meeting; first: FirstRequest }> {
  const meeting = await insertMeeting(trx, upload);
  await addParticipants(trx, meeting.id, upload.fields.participants);
  const first = await insertRequest(trx, meeting.id, upload);
  const { file, object } = upload;
  if ('transcript' in file) {
    const transcriptId = await insertTranscript(trx, meeting, first, file.transcript);
    await MeetingEvent.appendAll(trx, meeting.id, [QUEUED, readyTranscript(file.transcript)], {
      transcriptId,
    });
  } else {
    await MeetingEvent.appendAll(trx, meeting.id, [QUEUED]);
  }
  await object.keep(trx, meeting.id);
  return { meeting, first };
}

function insertMeeting(trx: Transaction, { fields, file, caller }: NewMeeting): Promise<Meeting> {
  const facts = meetingFacts(fields, file, { callerTimezone: caller.timezone, now: new Date() });
  const content = 'media' in file ? mediaOf(file) : wordsOf(file.transcript);
  return Meeting.query(trx)
    .insert({
      ...facts,
      ...content,
      ownerId: caller.id,
      language: fields.language ?? null,
      notify: fields.notify,
    })
    .returning(Meeting.columns)
    .execute();
}

const mediaOf = (file: Extract<ReceivedFile, { media: unknown }>) => ({
  mediaKey: file.media.key,
  mediaSha256: file.sha256,
  mediaBytes: String(file.bytes),
  mediaType: file.media.contentType,
});

const wordsOf = ({ segments }: ParsedTranscript) => ({
  transcript: plainTranscript(segments),
  durationMs: segments.reduce((end, { endMs }) => Math.max(end, endMs ?? 0), 0) || null,
});

/**
 * What the pipeline is to do first: hear the recording, or read the ready transcript. Nobody else can take it, so it is
 * taken; a run that is started without being told of it goes on with what is taken.
 */
async function insertRequest(
  trx: Transaction,
  meetingId: string,
  { file, fields, caller }: NewMeeting,
): Promise<FirstRequest> {
  const first = { requestId: randomUUID(), kind: 'media' in file ? 'transcribe' : 'extract' } as const;
  const language = fields.language ?? null;
  await Request.query(trx).insert({
    ...first,
    meetingId,
    language,
    requestedBy: caller.id,
    state: 'running',
  });
  return first;
}

function insertTranscript(
  trx: Transaction,
  meeting: Meeting,
  { requestId }: FirstRequest,
  { segments }: ParsedTranscript,
): Promise<string> {
  const { id: meetingId, language } = meeting;
  const made = { provider: 'upload', quality: 'standard', language } as const;
  const fields = { meetingId, requestId, version: 1, state: 'complete', ...made } as const;
  return Transcript.insertWhole(trx, fields, segments);
}
