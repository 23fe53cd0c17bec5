import type { VoiceTurn } from '../meeting';
import type { Stretch } from '../sound';

/** Word times are good to a third of a second, so a word may seem to fall just outside its turn. */
const NEAR_MS = 500;

/** Whose turn a stretch falls into: the voice heard longest in it, else the one nearby; null = not sure. */
export function voiceAt(turns: VoiceTurn[], stretch: Stretch): number | null {
  const heardMs = new Map<number | null, number>();
  for (const turn of turns) {
    const overlapMs = Math.min(turn.endMs, stretch.endMs) - Math.max(turn.startMs, stretch.startMs);
    if (overlapMs > 0) heardMs.set(turn.voice, (heardMs.get(turn.voice) ?? 0) + overlapMs);
  }
  const longest = [...heardMs].sort((a, b) => b[1] - a[1])[0];
  return longest ? longest[0] : nearestVoice(turns, stretch);
}

function nearestVoice(turns: VoiceTurn[], stretch: Stretch): number | null {
  const awayMs = (turn: VoiceTurn) => Math.max(turn.startMs - stretch.endMs, stretch.startMs - turn.endMs);
  const nearest = turns.reduce<VoiceTurn | null>((a, b) => (a && awayMs(a) <= awayMs(b) ? a : b), null);
  return nearest && awayMs(nearest) <= NEAR_MS ? nearest.voice : null;
}
