import type { FileSegment } from './types';

/** Ten minutes of talk. Postgres makes an index entry of each segment, and refuses one of more than 1 MB of different words. */
const MAX_CHARS = 10_000;

/** Cuts a speech that never ends between words, and shares out its time by length. */
export function inPieces(segment: FileSegment): FileSegment[] {
  const { text } = segment;
  if (text.length <= MAX_CHARS) return [segment];
  const pieces: FileSegment[] = [];
  for (let start = 0; start < text.length;) {
    const end = cutAfter(text, start);
    const [startMs, endMs] = [timeAt(segment, start), timeAt(segment, end)];
    pieces.push({ ...segment, startMs, endMs, text: text.slice(start, end).trim() });
    start = end;
  }
  return pieces.filter((piece) => piece.text !== '');
}

/** At a blank when there is one, never within a character. */
function cutAfter(text: string, start: number): number {
  const most = start + MAX_CHARS;
  if (most >= text.length) return text.length;
  const blank = text.lastIndexOf(' ', most);
  if (blank > start) return blank + 1;
  return /[\uD800-\uDBFF]/.test(text.charAt(most - 1)) ? most - 1 : most;
}

function timeAt({ startMs, endMs, text }: FileSegment, at: number): number | null {
  if (startMs === null || endMs === null) return at === 0 ? startMs : null;
  return startMs + Math.round(((endMs - startMs) * at) / text.length);
}
