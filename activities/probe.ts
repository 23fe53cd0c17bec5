import type { Transaction } from 'objection';
import { cutList, type Stretch } from '../src/domain/sound';
import { Meeting } from '../src/models/meeting';
import { Transcript, TranscriptPiece } from '../src/models/transcript';
import { probe as probeMedia } from '../src/media/ffmpeg';
import type { ActivityDeps } from './deps';
import { adoptDraft } from './adopt-draft';
import { withHeartbeat } from './heartbeat';
import { fetchMedia, withScratch } from './media-file';
import { lockForWork, setStatus } from './meeting-state';
import type { Work } from './plan-work';

/** How long it is and in how many pieces it will be heard. */
export interface Sound {
  durationMs: number;
  pieces: number;
}

/**
 * Checks that the recording can be heard, stores its length, and opens the draft transcript of this request with its
 * cut list. Fails for good with `media-undecodable`, `no-audio-track` or `media-too-long`. Without ffmpeg nothing can be
 * said of the recording; that is the next step's failure, with what to set.
 */
export async function probe(deps: ActivityDeps, work: Work): Promise<Sound | null> {
  const meeting = await Meeting.transaction(deps.db, (trx) => enterProbing(trx, work));
  const pieces = deps.ffmpeg && (await cut(deps, meeting, deps.ffmpeg));
  if (!pieces) return null;
  await Meeting.transaction(deps.db, (trx) => openDraft(trx, deps, work, pieces));
  return { durationMs: endOf(pieces), pieces: pieces.length };
}

const endOf = (pieces: Stretch[]): number => pieces.at(-1)?.endMs ?? 0;

/** The cut list, within the limits of the speech engine that is configured. */
const cut = (deps: ActivityDeps, meeting: Meeting, ffmpeg: string): Promise<Stretch[]> =>
  withHeartbeat({ phase: 'probing' }, (_, signal) =>
    withScratch(deps, async (dir) => {
      const file = await fetchMedia(deps, meeting, dir, signal);
      const { durationMs, levels } = await probeMedia(file, {
        ffmpeg,
        maxSeconds: deps.maxMediaSeconds,
        signal,
      });
      const { maxPieceSeconds } = deps.providers.speech.limits;
      return cutList(durationMs, levels.pauses(), maxPieceSeconds && Math.floor(maxPieceSeconds * 1000));
    }),
  );

async function enterProbing(trx: Transaction, work: Work): Promise<Meeting> {
  const { meeting } = await lockForWork(trx, work);
  await setStatus(trx, meeting, 'probing');
  return meeting;
}

/**
 * A repeated attempt finds the draft and keeps what was heard for it; a request after one that failed for good goes on
 * with that one's draft.
 */
async function openDraft(trx: Transaction, deps: ActivityDeps, work: Work, pieces: Stretch[]): Promise<void> {
  const { meetingId, requestId } = work;
  const { request } = await lockForWork(trx, work);
  await Meeting.query(trx)
    .findById(meetingId)
    .patch({ durationMs: endOf(pieces) });
  await adoptDraft(trx, request, deps.providers.speech.provider);
  const draft = await Transcript.query(trx)
    .insert({ meetingId, requestId, language: request.language })
    .onConflict(['meeting_id', 'request_id'])
    .ignore();
  // Nothing comes back when the row was there already.
  if (!draft?.id) return;
  await TranscriptPiece.query(trx).insert(pieces.map((piece) => ({ ...piece, transcriptId: draft.id })));
}
