import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { HeardSegment } from '../src/domain/meeting';
import { halve, type Levels, type Stretch } from '../src/domain/sound';
import { LoopGuard } from '../src/domain/speaking/loop-guard';
import { failpoint } from '../src/failpoint';
import { sliceWav } from '../src/media/wav-file';
import { HeardSegmentRow, type Transcript, type TranscriptPiece } from '../src/models/transcript';
import { PIECE_TOO_LONG, type TranscribeOptions } from '../src/ports';
import { ProviderError } from '../src/provider-error';
import type { ActivityDeps } from './deps';
import { metered, type Call } from './metered';
import { countWasted, finishPiece, replaceByHalves, saveHeard, type Heard } from './piece-rows';

/** The whole recording as sound, on this worker's disk. */
export interface Recording {
  wav: string;
  durationMs: number;
  levels: Levels;
  pauses: Stretch[];
}

export interface Hearing {
  draft: Transcript;
  recording: Recording;
  dir: string;
  signal: AbortSignal;
  /** Told how far a piece has been heard, in the time of the recording. */
  onHeard(untilMs: number): void;
}

/** There is no idempotency key: each may be paid for. */
const MOST_WASTED_CALLS = 2;
/** Services time words to about half a second. */
const TIMES_ARE_GOOD_TO_MS = 500;

/**
 * Hears a piece and saves it as done. Silence is not sent. A piece that is too long for the engine is replaced by two,
 * which are returned. Throws ProviderError; one that can't be tried again when the piece has cost two calls for nothing.
 */
export async function hearPiece(
  deps: ActivityDeps,
  hearing: Hearing,
  piece: TranscriptPiece,
): Promise<TranscriptPiece[]> {
  const { speech } = deps.providers;
  if (hearing.recording.levels.isSilent(piece.startMs, piece.endMs)) {
    await finishPiece(deps.db, piece, [], { provider: speech.provider, dropped: 0 });
    return [];
  }
  try {
    await withSound(hearing, piece, (wav) => listen(deps, hearing, piece, wav));
    return [];
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return afterFailure(deps, hearing, piece, error);
  }
}

async function listen(deps: ActivityDeps, hearing: Hearing, piece: TranscriptPiece, wav: string) {
  const { speech } = deps.providers;
  const { draft, signal } = hearing;
  const ear = new Ear(piece, hearing.recording.levels);
  const resumeMs = speech.limits.resumable ? await heardUntil(deps, piece) : piece.startMs;
  hearing.onHeard(resumeMs);
  const heard: Heard[] = [];
  const call = callFor(deps, draft, piece.endMs - resumeMs);
  const options: TranscribeOptions = {
    language: draft.language,
    fromMs: resumeMs - piece.startMs,
    signal,
    onSegment: async (segment) => {
      const rows = ear.hear(segment);
      if (speech.limits.resumable && rows.length > 0) await saveHeard(deps.db, piece.transcriptId, rows);
      else heard.push(...rows);
      hearing.onHeard(Math.min(piece.startMs + segment.endMs, piece.endMs));
    },
  };
  const result = await metered(
    deps,
    call,
    () => speech.transcribe(wav, options),
    ({ provider, model }) => ({ ...call, provider, model }),
  );
  await failpoint('stt-done');
  const { provider, model, quality, language } = result;
  await finishPiece(deps.db, piece, heard, { provider, model, quality, language, dropped: ear.dropped });
}

/** Services are paid by the length of what they are sent. */
function callFor({ providers }: ActivityDeps, { meetingId, requestId }: Transcript, ms: number): Call {
  const { provider } = providers.speech;
  return { meetingId, requestId, step: 'transcribe', provider, model: null, units: { seconds: ms / 1000 } };
}

/** Makes rows of segments: times in the recording, within the piece, without what nobody said. */
class Ear {
  private readonly guard = new LoopGuard();
  private inSilence = 0;

  constructor(
    private readonly piece: TranscriptPiece,
    private readonly levels: Levels,
  ) {}

  get dropped(): number {
    return this.guard.dropped + this.inSilence;
  }

  hear(segment: HeardSegment): Heard[] {
    const { piece } = this;
    const at = (ms: number) => Math.min(piece.startMs + ms, piece.endMs);
    const [startMs, endMs] = [Math.min(at(segment.startMs), piece.endMs - 1), at(segment.endMs)];
    if (this.levels.isSilent(startMs - TIMES_ARE_GOOD_TO_MS, endMs + TIMES_ARE_GOOD_TO_MS)) {
      this.inSilence++;
      return [];
    }
    const text = this.guard.clean(segment.text);
    if (text === '') return [];
    const { confidence, speaker } = segment;
    const kept = text === segment.text ? segment.words : [];
    const words = kept.map((word) => ({ ...word, startMs: at(word.startMs), endMs: at(word.endMs) }));
    return [{ transcriptId: piece.transcriptId, startMs, endMs, text, confidence, speaker, words }];
  }
}

async function withSound(
  { recording, dir }: Hearing,
  { startMs, endMs }: TranscriptPiece,
  use: (wav: string) => Promise<void>,
): Promise<void> {
  if (startMs === 0 && endMs >= recording.durationMs) return use(recording.wav);
  const wav = path.join(dir, `${startMs}-${endMs}.wav`);
  try {
    await sliceWav(recording.wav, wav, startMs, endMs);
    await use(wav);
  } finally {
    await rm(wav, { force: true });
  }
}

async function heardUntil(deps: ActivityDeps, piece: TranscriptPiece): Promise<number> {
  const last = await HeardSegmentRow.query(deps.db)
    .where('transcript_id', piece.transcriptId)
    .whereBetween('start_ms', [piece.startMs, piece.endMs - 1])
    .orderBy('start_ms', 'desc')
    .first();
  return Math.min(last?.endMs ?? piece.startMs, piece.endMs);
}

async function afterFailure(
  { db }: ActivityDeps,
  { recording }: Hearing,
  piece: TranscriptPiece,
  error: ProviderError,
): Promise<TranscriptPiece[]> {
  const halves = error.code === PIECE_TOO_LONG ? halve(piece, recording.pauses) : null;
  if (halves) return replaceByHalves(db, piece, halves);
  if (error.outcome === 'unknown' && (await countWasted(db, piece)) >= MOST_WASTED_CALLS) {
    const message = `${error.message} Given up after ${MOST_WASTED_CALLS} calls, which may be paid for: ask again.`;
    throw new ProviderError(error.code, message, { retryable: false, outcome: 'unknown' });
  }
  throw error;
}
