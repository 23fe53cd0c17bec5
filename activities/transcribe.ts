import { rm } from 'node:fs/promises';
import path from 'node:path';
import { decodeToWav } from '../src/media/ffmpeg';
import { Meeting } from '../src/models/meeting';
import { TranscriptPiece } from '../src/models/transcript';
import type { ActivityDeps } from './deps';
import { draftOf } from './draft';
import { hearPiece, type Recording } from './hear-piece';
import { withHeartbeat } from './heartbeat';
import { fetchMedia, ffmpegOf, withScratch } from './media-file';
import { lockForWork, setStatus } from './meeting-state';
import type { Work } from './plan-work';
import { Failures, sideBySide } from './side-by-side';
import { worstFailure } from './worst-failure';

/** What an operator reads under pending activities. */
interface Where {
  phase: string;
  /** Which piece is next, of how many. */
  piece: number;
  pieces: number;
  doneMs: number;
  totalMs: number;
}

/**
 * Hears every piece of the cut list that is not done, as many at once as the engine allows. Each is saved when it is
 * done (with an engine that goes on in the middle: each segment), so a retry pays only for what is missing. Fails for
 * good with `ffmpeg-missing` and whatever the engine says can't be helped.
 */
export async function transcribe(deps: ActivityDeps, work: Work): Promise<void> {
  const meeting = await Meeting.transaction(deps.db, async (trx) => {
    const { meeting } = await lockForWork(trx, work);
    await setStatus(trx, meeting, 'transcribing');
    return meeting;
  });
  const ffmpeg = ffmpegOf(deps);
  const draft = await draftOf(deps.db, work);
  const pieces = await TranscriptPiece.query(deps.db).where({ transcriptId: draft.id }).orderBy('start_ms');
  const pending = pieces.filter(({ state }) => state === 'pending');
  if (pending.length === 0) return;
  const where = begin(meeting, pieces);
  await withHeartbeat(where, (_, signal) =>
    withScratch(deps, async (dir) => {
      const recording = await soundOf(deps, meeting, { dir, ffmpeg, signal });
      where.phase = 'hearing';
      const onHeard = (untilMs: number) => (where.doneMs = Math.max(where.doneMs, untilMs));
      const hearing = { draft, recording, dir, signal, onHeard };
      await hearAll(deps, pending, async (piece) => {
        const parts = await hearPiece(deps, hearing, piece);
        if (parts.length > 0) where.pieces += parts.length - 1;
        else where.piece = Math.min(where.piece + 1, where.pieces);
        return parts;
      });
    }),
  );
}

const begin = ({ durationMs }: Meeting, pieces: TranscriptPiece[]): Where => ({
  phase: 'fetching',
  piece: pieces.filter(({ state }) => state === 'done').length + 1,
  pieces: pieces.length,
  doneMs: 0,
  totalMs: durationMs ?? 0,
});

/** The recording decoded once, so that every cut is exact to the sample. */
async function soundOf(
  deps: ActivityDeps,
  meeting: Meeting,
  { dir, ffmpeg, signal }: { dir: string; ffmpeg: string; signal: AbortSignal },
): Promise<Recording> {
  const media = await fetchMedia(deps, meeting, dir, signal);
  const wav = path.join(dir, 'whole.wav');
  const sound = await decodeToWav(media, wav, { ffmpeg, maxSeconds: deps.maxMediaSeconds + 1, signal });
  await rm(media);
  return { ...sound, wav, pauses: sound.levels.pauses() };
}

async function hearAll(
  { providers }: ActivityDeps,
  pieces: TranscriptPiece[],
  hear: (piece: TranscriptPiece) => Promise<TranscriptPiece[]>,
): Promise<void> {
  try {
    await sideBySide(pieces, providers.speech.limits.concurrency, hear);
  } catch (error) {
    throw error instanceof Failures ? worstFailure(error.all, performance.now()) : error;
  }
}
