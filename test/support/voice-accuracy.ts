import { readFileSync } from 'node:fs';
import type { VoiceTurn } from '../../src/domain/meeting';
import { voiceAt } from '../../src/domain/speaking/voice-at';

interface ReferenceTurn {
  speaker: string;
  start: number;
  end: number;
}

/** Turns of a reference file whose voice, heard longest in them, is the one that stands for their speaker. */
export function rightTurns(referenceFile: string, heard: VoiceTurn[]): { right: number; of: number } {
  const { turns } = JSON.parse(readFileSync(referenceFile, 'utf8')) as { turns: ReferenceTurn[] };
  const pairs = turns.map(({ speaker, start, end }) => ({
    speaker,
    voice: voiceAt(heard, { startMs: start * 1000, endMs: end * 1000 }),
  }));
  const speakers = [...new Set(pairs.map(({ speaker }) => speaker))];
  return { right: mostRight(speakers, new Set(), pairs), of: turns.length };
}

/** The best matching of speakers to voices, each voice used once. */
function mostRight(
  speakers: string[],
  used: Set<number>,
  pairs: { speaker: string; voice: number | null }[],
): number {
  const [speaker, ...rest] = speakers;
  if (speaker === undefined) return 0;
  const own = pairs.filter((pair) => pair.speaker === speaker).map(({ voice }) => voice);
  const voices = [...new Set(own)].filter((voice): voice is number => voice !== null && !used.has(voice));
  const taken = voices.map(
    (voice) => own.filter((v) => v === voice).length + mostRight(rest, new Set([...used, voice]), pairs),
  );
  return Math.max(mostRight(rest, used, pairs), ...taken);
}
