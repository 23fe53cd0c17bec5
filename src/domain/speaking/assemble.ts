import type { HeardSegment, VoiceTurn } from '../meeting';
import { cutByVoice } from './cut';

/** A stretch of the transcript by one speaker. */
export interface SpokenSegment {
  /** What the engine called the speaker, else "Speaker n" in order of first words; null = not known. */
  speaker: string | null;
  startMs: number;
  endMs: number;
  text: string;
  confidence: number | null;
}

/** Sentences of one speaker are joined up to this length, so that a segment stays short enough to be cited. */
const LONGEST_JOINED_MS = 30_000;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Puts words and voices together. Segments are cut where the voice changes and joined where it goes on; a speaker that
 * the engine names wins over the voices heard beside it. `voices` null = nobody listened for voices.
 */
export function assemble(heard: HeardSegment[], voices: VoiceTurn[] | null): SpokenSegment[] {
  const label = speakerLabels();
  const pieces = heard.flatMap((segment) => piecesOf(segment, voices, label));
  return pieces.filter(({ text }) => text !== '').reduce<SpokenSegment[]>(join, []);
}

type Label = (voice: number | null) => string | null;

function piecesOf(segment: HeardSegment, voices: VoiceTurn[] | null, label: Label): SpokenSegment[] {
  const { speaker, startMs, endMs, confidence } = segment;
  if (speaker !== null || voices === null) {
    return [{ speaker, startMs, endMs, text: segment.text.trim(), confidence }];
  }
  return cutByVoice(segment, voices).map(({ voice, ...piece }) => ({
    ...piece,
    speaker: label(voice),
    confidence,
  }));
}

function speakerLabels(): Label {
  const labels = new Map<number, string>();
  return (voice) => {
    if (voice === null) return null;
    const label = labels.get(voice) ?? `Speaker ${labels.size + 1}`;
    labels.set(voice, label);
    return label;
  };
}

function join(done: SpokenSegment[], next: SpokenSegment): SpokenSegment[] {
  const last = done.at(-1);
  if (!last || !belongTogether(last, next)) {
    done.push(next);
    return done;
  }
  done[done.length - 1] = {
    speaker: last.speaker,
    startMs: last.startMs,
    endMs: Math.max(last.endMs, next.endMs),
    text: `${last.text} ${next.text}`,
    confidence: meanConfidence(last, next),
  };
  return done;
}

/** Sentences whose speaker nobody knows may be several people's: only an unfinished one goes on. */
function belongTogether(last: SpokenSegment, next: SpokenSegment): boolean {
  if (last.speaker !== next.speaker || next.startMs - last.endMs > LONGEST_PAUSE_MS) return false;
  const fits = next.endMs - last.startMs <= LONGEST_JOINED_MS;
  const unfinished = !/[.?!…]["')]*$/.test(last.text);
  return last.speaker === null ? unfinished && fits : fits;
}

/** Weighted by the length of the words. */
function meanConfidence(a: SpokenSegment, b: SpokenSegment): number | null {
  if (a.confidence === null || b.confidence === null) return null;
  const total = a.confidence * a.text.length + b.confidence * b.text.length;
  return Math.round((total / (a.text.length + b.text.length)) * 1000) / 1000;
}
