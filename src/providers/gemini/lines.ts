import type { Segment } from '../../domain/meeting';

/** One numbered line of the transcript as the model reads it. A very long segment is several lines. */
export interface Line {
  /** Counts from 1 through the whole meeting. */
  number: number;
  segment: Segment;
  words: string;
}

/** Longer segments are written as several lines, so that a window always holds whole ones. */
const MAX_LINE_CHARACTERS = 6000;

/** Nothing in a segment may look like the beginning of another line. */
const oneLine = (words: string): string => words.replace(/[\s\u0085]+/g, ' ').trim();

function pieces(words: string): string[] {
  const found: string[] = [];
  let rest = words;
  while (rest.length > MAX_LINE_CHARACTERS) {
    const space = rest.lastIndexOf(' ', MAX_LINE_CHARACTERS);
    const end = space > 0 ? space : MAX_LINE_CHARACTERS;
    found.push(rest.slice(0, end).toWellFormed());
    rest = rest.slice(end).trimStart().toWellFormed();
  }
  return [...found, rest];
}

/** The lines of a transcript, in order; segments without words have none. */
export function linesOf(segments: readonly Segment[]): Line[] {
  return segments
    .flatMap((segment) => pieces(oneLine(segment.text)).map((words) => ({ segment, words })))
    .filter(({ words }) => words !== '')
    .map((line, index) => ({ ...line, number: index + 1 }));
}

function stamp(startMs: number | null): string {
  if (startMs === null) return '';
  const seconds = Math.floor(startMs / 1000);
  const parts = [seconds / 3600, (seconds / 60) % 60, seconds % 60];
  return `${parts.map((part) => String(Math.floor(part)).padStart(2, '0')).join(':')} `;
}

/** `[12] 00:03:41 Anna: words`; without the time when it is not known. */
export const written = ({ number, segment, words }: Line): string =>
  `[${number}] ${stamp(segment.startMs)}${oneLine(segment.speaker ?? '') || 'Unknown'}: ${words}`;
