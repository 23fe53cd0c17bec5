import path from 'node:path';
import type { HeardSegment } from '../src/domain/meeting';
import { decodeToWav } from '../src/media/ffmpeg';
import { Meeting } from '../src/models/meeting';
import { HeardSegmentRow, Transcript, TranscriptPiece } from '../src/models/transcript';
import type { ActivityDeps } from './deps';
import { draftOf } from './draft';
import { withHeartbeat } from './heartbeat';
import { fetchMedia, ffmpegOf, withScratch } from './media-file';
import { lockMeeting, setStatus } from './meeting-state';
import type { Work } from './plan-work';

interface Where {
  phase: string;
  doneMs: number;
  totalMs: number;
}

/**
 * Hears every piece of the cut list that is not done. Each segment is saved as it comes, so an attempt that is killed
 * loses one segment, not the recording. Fails for good with `ffmpeg-missing`, `speech-engine-missing` or
 * `language-not-supported`.
 */
export async function transcribe(deps: ActivityDeps, work: Work): Promise<void> {
  const meeting = await Meeting.transaction(deps.db, async (trx) => {
    const locked = await lockMeeting(trx, work.meetingId);
    await setStatus(trx, locked, 'transcribing');
    return locked;
  });
  const ffmpeg = ffmpegOf(deps);
  const draft = await draftOf(deps.db, work);
  const pieces = await TranscriptPiece.query(deps.db)
    .where({ transcriptId: draft.id, state: 'pending' })
    .orderBy('start_ms');
  if (pieces.length === 0) return;
  const where: Where = { phase: 'fetching', doneMs: 0, totalMs: meeting.durationMs ?? 0 };
  await withHeartbeat(where, (_, signal) =>
    withScratch(deps, async (dir) => {
      const media = await fetchMedia(deps, meeting, dir, signal);
      for (const piece of pieces) await hear(deps, { draft, piece, media, dir, ffmpeg, where, signal });
    }),
  );
}

interface Hearing {
  draft: Transcript;
  piece: TranscriptPiece;
  media: string;
  dir: string;
  ffmpeg: string;
  where: Where;
  signal: AbortSignal;
}

async function hear(deps: ActivityDeps, hearing: Hearing): Promise<void> {
  const { draft, piece, media, dir, ffmpeg, where, signal } = hearing;
  const wav = path.join(dir, `${piece.startMs}.wav`);
  const seconds = (piece.endMs - piece.startMs) / 1000;
  await decodeToWav(media, wav, {
    ffmpeg,
    fromMs: piece.startMs,
    maxSeconds: seconds,
    signal,
  });
  const resumeMs = await heardUntil(deps, piece);
  Object.assign(where, { phase: 'hearing', doneMs: resumeMs });
  const result = await deps.providers.speech.transcribe(wav, {
    language: draft.language,
    fromMs: resumeMs - piece.startMs,
    signal,
    onSegment: async (segment) => {
      where.doneMs = piece.startMs + segment.endMs;
      await save(deps, piece, segment);
    },
  });
  const { provider, model, quality, language } = result;
  await Transcript.query(deps.db).findById(draft.id).patch({ provider, model, quality, language });
  await TranscriptPiece.query(deps.db).findById([draft.id, piece.startMs]).patch({ state: 'done' });
}

async function heardUntil(deps: ActivityDeps, piece: TranscriptPiece): Promise<number> {
  const last = await HeardSegmentRow.query(deps.db)
    .where('transcript_id', piece.transcriptId)
    .whereBetween('start_ms', [piece.startMs, piece.endMs - 1])
    .orderBy('start_ms', 'desc')
    .first();
  return Math.min(last?.endMs ?? piece.startMs, piece.endMs);
}

/** Times in the file become times in the recording, within the piece. */
async function save(deps: ActivityDeps, piece: TranscriptPiece, segment: HeardSegment): Promise<void> {
  const at = (ms: number) => Math.min(piece.startMs + ms, piece.endMs);
  const row = {
    transcriptId: piece.transcriptId,
    startMs: at(segment.startMs),
    endMs: at(segment.endMs),
    text: segment.text,
    confidence: segment.confidence,
    speaker: segment.speaker,
    words: segment.words.map((word) => ({ ...word, startMs: at(word.startMs), endMs: at(word.endMs) })),
  };
  await HeardSegmentRow.query(deps.db).insert(row).onConflict(['transcript_id', 'start_ms']).ignore();
}
