import type { HeardSegment, HeardWord, VoiceTurn } from '../meeting';
import type { Stretch } from '../sound';
import { voiceAt } from './voice-at';

/** Words of one voice out of one heard segment. */
export interface Piece extends Stretch {
  voice: number | null;
  text: string;
}

/** A sentence of which one voice has so much is all its own; the rest is imprecise times. */
const CLEAR_SHARE = 0.7;
/** Fewer words than this in the middle of somebody's sentence are no change of voice. */
const LEAST_WORDS = 2;

/** Cuts a segment where the voice changes: between sentences where possible, else between words. */
export function cutByVoice(segment: HeardSegment, turns: VoiceTurn[]): Piece[] {
  if (segment.words.length === 0)
    return [{ ...times(segment), voice: voiceAt(turns, segment), text: segment.text }];
  const voices = sentences(segment.words).flatMap((words) => voicesOf(words, turns));
  const spans = runs(voices);
  const texts = textsOf(segment, spans);
  return spans.map(({ from, to }, i) => ({
    startMs: segment.words[from]?.startMs ?? segment.startMs,
    endMs: segment.words[to - 1]?.endMs ?? segment.endMs,
    voice: voices[from] ?? null,
    text: texts[i] ?? '',
  }));
}

const times = ({ startMs, endMs }: Stretch) => ({ startMs, endMs });

function sentences(words: HeardWord[]): HeardWord[][] {
  const found: HeardWord[][] = [[]];
  for (const word of words) {
    found.at(-1)?.push(word);
    if (/[.?!…]["')]*$/.test(word.text)) found.push([]);
  }
  return found.filter((sentence) => sentence.length > 0);
}

/** The voice of each word of a sentence. */
function voicesOf(words: HeardWord[], turns: VoiceTurn[]): (number | null)[] {
  const voices = words.map((word) => voiceAt(turns, word));
  const clear = clearVoice(words, voices);
  return clear === undefined ? smoothed(voices) : voices.map(() => clear);
}

function clearVoice(words: HeardWord[], voices: (number | null)[]): number | null | undefined {
  const spokenMs = new Map<number | null, number>();
  words.forEach((word, i) => {
    const voice = voices[i] ?? null;
    spokenMs.set(voice, (spokenMs.get(voice) ?? 0) + Math.max(1, word.endMs - word.startMs));
  });
  const totalMs = [...spokenMs.values()].reduce((a, b) => a + b, 0);
  return [...spokenMs].find(([, ms]) => ms >= totalMs * CLEAR_SHARE)?.[0];
}

/** Takes runs that are too short, and unsure ones within one voice's words, into the words around them. */
function smoothed(voices: (number | null)[]): (number | null)[] {
  const result = [...voices];
  for (const { from, to } of runs(voices)) {
    const before = result[from - 1];
    const after = voices[to];
    const within = before !== undefined && before === after;
    const stray = to - from < LEAST_WORDS && before !== undefined;
    if (stray || (within && voices[from] === null)) result.fill(before ?? null, from, to);
  }
  return result;
}

/** Where the voice stays the same: index ranges, the end not included. */
function runs(voices: (number | null)[]): { from: number; to: number }[] {
  const starts = voices.flatMap((voice, i) => (i === 0 || voice !== voices[i - 1] ? [i] : []));
  return starts.map((from, i) => ({ from, to: starts[i + 1] ?? voices.length }));
}

/** Slices of the segment's own text, so that the writing stays as it was; joined words when they can't be found in it. */
function textsOf(segment: HeardSegment, spans: { from: number; to: number }[]): string[] {
  if (spans.length === 1) return [segment.text];
  const places: number[] = [];
  let cursor = 0;
  for (const word of segment.words) {
    const place = segment.text.indexOf(word.text, cursor);
    if (place < 0) return spans.map(({ from, to }) => joined(segment.words.slice(from, to)));
    places.push(place);
    cursor = place + word.text.length;
  }
  return spans.map(({ from, to }) => segment.text.slice(places[from], places[to]).trim());
}

const joined = (words: HeardWord[]) => words.map((word) => word.text).join(' ');
