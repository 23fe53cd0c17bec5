import type { Stretch } from './stretch';

/** The end of a recording that is left over after a cut is longer than this. */
const SHORTEST_PIECE_MS = 500;
/** A cut stays so far away from words, where the pause is long enough. */
const FROM_WORDS_MS = 250;
/** Shorter pieces are not halved: when these are too long for a service, the length is not what is wrong. */
const SHORTEST_HALVED_MS = 20_000;
/** An eighth of a piece is the smallest part of it that is sent. */
const MOST_HALVINGS = 3;

/**
 * Where a recording is cut: pieces without gap or overlap, none longer than `maxPieceMs` (null = one piece), of about
 * the same length. Each cut is in the pause nearest to where it should be; where nobody pauses in the second half of
 * a piece it is made all the same.
 */
export function cutList(durationMs: number, pauses: Stretch[], maxPieceMs: number | null): Stretch[] {
  const pieces: Stretch[] = [];
  let startMs = 0;
  while (maxPieceMs !== null && durationMs - startMs > maxPieceMs) {
    const endMs = nextCut(startMs, durationMs, pauses, maxPieceMs);
    pieces.push({ startMs, endMs });
    startMs = endMs;
  }
  return [...pieces, { startMs, endMs: durationMs }];
}

/** Two parts of a piece, cut in a pause near its middle where there is one; null = it must not get any smaller. */
export function halve(piece: Stretch & { depth: number }, pauses: Stretch[]): [Stretch, Stretch] | null {
  const { startMs, endMs, depth } = piece;
  const lengthMs = endMs - startMs;
  if (lengthMs < SHORTEST_HALVED_MS || depth >= MOST_HALVINGS) return null;
  const quarterMs = lengthMs / 4;
  const target = startMs + lengthMs / 2;
  const cut = cutNear(target, { startMs: startMs + quarterMs, endMs: endMs - quarterMs }, pauses);
  return [
    { startMs, endMs: cut },
    { startMs: cut, endMs },
  ];
}

function nextCut(startMs: number, durationMs: number, pauses: Stretch[], maxPieceMs: number): number {
  const leftMs = durationMs - startMs;
  const target = startMs + leftMs / Math.ceil(leftMs / maxPieceMs);
  const latest = Math.min(startMs + maxPieceMs, durationMs - SHORTEST_PIECE_MS);
  return cutNear(target, { startMs: startMs + maxPieceMs / 2, endMs: latest }, pauses);
}

/** In the pause that is nearest to `target` and within `window`, else at `target` itself. */
function cutNear(target: number, window: Stretch, pauses: Stretch[]): number {
  const points = pauses.flatMap((pause) => pointIn(pause, target, window));
  const nearest = points.sort((a, b) => Math.abs(a - target) - Math.abs(b - target))[0];
  return Math.floor(Math.min(nearest ?? target, window.endMs));
}

function pointIn(pause: Stretch, target: number, window: Stretch): number[] {
  const margin = Math.min(FROM_WORDS_MS, (pause.endMs - pause.startMs) / 2);
  const from = Math.max(pause.startMs + margin, window.startMs);
  const to = Math.min(pause.endMs - margin, window.endMs);
  return from <= to ? [Math.min(Math.max(target, from), to)] : [];
}
