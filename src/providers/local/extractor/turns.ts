import { straight } from '../../../domain/speech/acts';
import { clausesOf } from '../../../domain/speech/clauses';
import { sentencesOf, type Sentence } from '../../../domain/speech/sentences';
import type { Segment } from '../../../domain/meeting';
import type { Citation } from '../../../ports';

interface Piece {
  segment: Segment;
  start: number;
  end: number;
}

/** What one speaker says in one go: consecutive segments joined, so that a sentence cut in two is whole again. */
export interface Turn {
  index: number;
  speaker: string | null;
  /** With straight apostrophes; places are the same as in the segments. */
  text: string;
  /** Clauses too, where an engine has joined sentences by commas. */
  sentences: Sentence[];
  pieces: Piece[];
}

/** Speech without a full stop can go on for an hour: longer "sentences" are read in parts, cut between words. */
const LONGEST_SENTENCE = 2000;

function inReach({ text, start, end }: Sentence): Sentence[] {
  if (text.length <= LONGEST_SENTENCE) return [{ text, start, end }];
  const parts: Sentence[] = [];
  for (let from = 0; from < text.length;) {
    const limit = Math.min(text.length, from + LONGEST_SENTENCE);
    const space = limit < text.length ? text.lastIndexOf(' ', limit) : limit;
    const to = space > from ? space : limit;
    parts.push({ text: text.slice(from, to), start: start + from, end: start + to });
    from = to;
  }
  return parts;
}

function turnOf(index: number, segments: readonly Segment[]): Turn {
  const pieces: Piece[] = [];
  let text = '';
  for (const segment of segments) {
    const start = text === '' ? 0 : text.length + 1;
    text = text === '' ? segment.text : `${text} ${segment.text}`;
    pieces.push({ segment, start, end: text.length });
  }
  const plain = straight(text);
  return {
    index,
    speaker: segments[0]!.speaker,
    text: plain,
    sentences: sentencesOf(plain).flatMap(clausesOf).flatMap(inReach),
    pieces,
  };
}

/** The turns of a meeting in their order. */
export function turnsOf(segments: readonly Segment[]): Turn[] {
  const groups: Segment[][] = [];
  for (const segment of segments) {
    const last = groups.at(-1);
    if (last && last[0]!.speaker === segment.speaker) last.push(segment);
    else groups.push([segment]);
  }
  return groups.map((group, index) => turnOf(index, group));
}

/** The literal words between two places of a turn, segment by segment. */
export function cite(turn: Turn, { start, end }: { start: number; end: number }): Citation[] {
  return turn.pieces.flatMap(({ segment, ...piece }) => {
    const quote = segment.text.slice(Math.max(0, start - piece.start), Math.max(0, end - piece.start)).trim();
    return /[\p{L}\p{N}]/u.test(quote) ? [{ segmentId: segment.id, quote }] : [];
  });
}
