import type { Transaction } from 'objection';
import { Meeting } from '../src/models/meeting';
import { Request } from '../src/models/request';
import { Transcript, TranscriptPiece } from '../src/models/transcript';
import { probe as probeMedia } from '../src/media/ffmpeg';
import type { ActivityDeps } from './deps';
import { withHeartbeat } from './heartbeat';
import { fetchMedia, withScratch } from './media-file';
import { lockMeeting, meetingGone, setStatus } from './meeting-state';
import type { Work } from './plan-work';

/**
 * Checks that the recording can be heard, stores its length, and opens the draft transcript of this request with its
 * cut list. Fails for good with `media-undecodable`, `no-audio-track` or `media-too-long`. Without ffmpeg nothing can be
 * said of the recording; that is the next step's failure, with what to set.
 */
export async function probe(deps: ActivityDeps, work: Work): Promise<void> {
  const meeting = await Meeting.transaction(deps.db, (trx) => enterProbing(trx, work.meetingId));
  const durationMs = deps.ffmpeg && (await measure(deps, meeting, deps.ffmpeg));
  if (durationMs) await Meeting.transaction(deps.db, (trx) => openDraft(trx, work, durationMs));
}

const measure = (deps: ActivityDeps, meeting: Meeting, ffmpeg: string): Promise<number> =>
  withHeartbeat({ phase: 'probing' }, (_, signal) =>
    withScratch(deps, async (dir) => {
      const file = await fetchMedia(deps, meeting, dir, signal);
      return (await probeMedia(file, { ffmpeg, maxSeconds: deps.maxMediaSeconds, signal })).durationMs;
    }),
  );

async function enterProbing(trx: Transaction, meetingId: string): Promise<Meeting> {
  const meeting = await lockMeeting(trx, meetingId);
  await setStatus(trx, meeting, 'probing');
  return meeting;
}

/** A repeated attempt finds the draft and keeps what was heard for it. */
async function openDraft(trx: Transaction, work: Work, durationMs: number): Promise<void> {
  const { meetingId, requestId } = work;
  const request = await Request.query(trx).findById([meetingId, requestId]);
  if (!request) throw meetingGone();
  await Meeting.query(trx).findById(meetingId).patch({ durationMs });
  const draft = await Transcript.query(trx)
    .insert({ meetingId, requestId, language: request.language })
    .onConflict(['meeting_id', 'request_id'])
    .ignore();
  // Nothing comes back when the row was there already.
  if (!draft?.id) return;
  await TranscriptPiece.query(trx).insert({ transcriptId: draft.id, startMs: 0, endMs: durationMs });
}
