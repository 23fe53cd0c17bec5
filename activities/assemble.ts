import type { Transaction } from 'objection';
import { plainTranscript } from '../src/domain/plain-transcript';
import { assemble as assembleSegments, nameSpeakers, type SpokenSegment } from '../src/domain/speaking';
import { Meeting } from '../src/models/meeting';
import { MeetingEvent } from '../src/models/meeting-event';
import { participantsOf } from '../src/models/participants';
import {
  HeardSegmentRow,
  Transcript,
  TranscriptPiece,
  TranscriptSegment,
  type SpeakerName,
} from '../src/models/transcript';
import type { ActivityDeps } from './deps';
import { draftOf } from './draft';
import { lockForWork } from './meeting-state';
import type { Work } from './plan-work';

/**
 * Puts words and voices together, names speakers from evidence, and makes the draft the meeting's transcript: one
 * transaction, so that nobody ever reads half of it.
 */
export async function assemble(deps: ActivityDeps, work: Work): Promise<void> {
  await Meeting.transaction(deps.db, async (trx) => {
    const { meeting } = await lockForWork(trx, work);
    const draft = await draftOf(trx, work);
    if (draft.state === 'complete') return;
    const segments = await saveSegments(trx, draft);
    const speakers = await nameFromEvidence(trx, meeting.id, segments);
    const version = await completeDraft(trx, draft, speakers);
    await Meeting.query(trx)
      .findById(meeting.id)
      .patch({
        transcriptId: draft.id,
        transcript: plainTranscript(segments, speakers),
        language: draft.language,
        updatedAt: new Date(),
      });
    await MeetingEvent.append(trx, meeting.id, 'transcript', { version, segments: segments.length });
  });
}

async function saveSegments(trx: Transaction, draft: Transcript): Promise<SpokenSegment[]> {
  const heard = await HeardSegmentRow.query(trx).where({ transcriptId: draft.id }).orderBy('start_ms');
  const segments = assembleSegments(heard, draft.voices);
  await TranscriptSegment.insertAll(trx, draft.id, segments);
  return segments;
}

async function nameFromEvidence(
  trx: Transaction,
  meetingId: string,
  segments: SpokenSegment[],
): Promise<Record<string, SpeakerName>> {
  const names = nameSpeakers(segments, await participantsOf(trx, meetingId));
  return Object.fromEntries(
    Object.entries(names).map(([label, { name, userId }]) => [label, { name, userId, source: 'evidence' }]),
  );
}

/** Gives the draft its version and throws away what it was made of. */
async function completeDraft(
  trx: Transaction,
  draft: Transcript,
  speakers: Record<string, SpeakerName>,
): Promise<number> {
  const newest = await Transcript.query(trx)
    .where({ meetingId: draft.meetingId, state: 'complete' })
    .orderBy('version', 'desc')
    .first();
  const version = (newest?.version ?? 0) + 1;
  await Transcript.query(trx)
    .findById(draft.id)
    .patch({ state: 'complete', version, speakers, voices: null });
  await HeardSegmentRow.query(trx).where({ transcriptId: draft.id }).delete();
  await TranscriptPiece.query(trx).where({ transcriptId: draft.id }).delete();
  return version;
}
