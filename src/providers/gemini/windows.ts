import { written, type Line } from './lines';

/** English has about four characters to a token (firebase.google.com/docs/ai-logic/count-tokens). */
const CHARACTERS_PER_TOKEN = 4;
/**
 * How much is read at once. The models take a million tokens, but in longer texts they miss items, and the answer must
 * fit their output limit. An hour of talk is about 15,000 tokens.
 */
export const WINDOW_TOKENS = 12_000;
/** What two windows share, so that a request and its answer are read together: about two minutes of talk. */
const OVERLAP_TOKENS = 500;
/** Halves of a window share less: their middle is one place, not many. */
const HALVES_SHARE_LINES = 3;

const sizeOf = (line: Line): number => written(line).length + 1;

/** The index of the first line of those last ones of `lines[start..end)` that fit into `characters`. */
function tailStart(sizes: number[], start: number, end: number, characters: number): number {
  let from = end;
  let total = 0;
  while (from - 1 > start && total + sizes[from - 1]! <= characters) total += sizes[--from]!;
  return from;
}

function windowEnd(sizes: number[], start: number, characters: number): number {
  let end = start + 1;
  let total = sizes[start]!;
  while (end < sizes.length && total + sizes[end]! <= characters) total += sizes[end++]!;
  return end;
}

/** Cuts a transcript into windows of whole lines; each begins with the last lines of the one before. */
export function windowsOf(lines: Line[], tokens = WINDOW_TOKENS): Line[][] {
  const sizes = lines.map(sizeOf);
  const room = tokens * CHARACTERS_PER_TOKEN;
  const shared = Math.min(OVERLAP_TOKENS * CHARACTERS_PER_TOKEN, room / 4);
  const windows: Line[][] = [];
  let read = 0;
  while (read < lines.length) {
    const start = read === 0 ? 0 : tailStart(sizes, windowStart(windows), read, shared);
    const end = Math.max(windowEnd(sizes, start, room), read + 1);
    windows.push(lines.slice(start, end));
    read = end;
  }
  return windows;
}

/** The index of the first line of the last window. */
const windowStart = (windows: Line[][]): number => (windows.at(-1)?.[0]?.number ?? 1) - 1;

/** Two windows for one whose answer did not fit; null when it can't be cut. */
export function halves(window: Line[]): [Line[], Line[]] | null {
  if (window.length < 2) return null;
  const middle = Math.ceil(window.length / 2);
  const shared = window.length > 4 * HALVES_SHARE_LINES ? HALVES_SHARE_LINES : 0;
  return [window.slice(0, middle), window.slice(middle - shared)];
}
