/** A segment as a service timed it. `endMs` may be NaN: not told. */
export interface Placed {
  startMs: number;
  endMs: number;
  text: string;
  speaker: string | null;
}

/**
 * Brings segments into the piece and into order, each with a start of its own, and loses no word: what has no room
 * left at the end of the piece joins the segment before it.
 */
export function place(segments: Placed[], durationMs: number): Placed[] {
  const sorted = [...segments].sort((a, b) => a.startMs - b.startMs);
  const placed: Placed[] = [];
  sorted.forEach((segment, i) => {
    const last = placed.at(-1);
    const startMs = Math.max(clamp(segment.startMs, durationMs - 1), (last?.startMs ?? -1) + 1);
    if (last && startMs >= durationMs) last.text += ` ${segment.text}`;
    else placed.push({ ...segment, startMs, endMs: endOf(segment, startMs, sorted[i + 1], durationMs) });
  });
  return placed;
}

/** As told, else until the next one begins. */
function endOf({ endMs }: Placed, startMs: number, next: Placed | undefined, durationMs: number): number {
  const told = Number.isNaN(endMs) ? (next?.startMs ?? durationMs) : endMs;
  return Math.max(startMs + 1, clamp(told, durationMs));
}

const clamp = (ms: number, most: number): number => Math.min(Math.max(0, ms), Math.max(0, most));
