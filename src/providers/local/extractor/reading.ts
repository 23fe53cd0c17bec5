import type { MeetingClock } from '../../../domain/meeting';
import type { Sentence } from '../../../domain/speech/sentences';
import type { ExtractionInput } from '../../../ports';
import { actsIn, openingsFor, type Act } from './acts';
import { peopleIn, type People } from './people';
import { turnsOf, type Turn } from './turns';

/** A meeting made ready to be read for its items. */
export interface Reading {
  turns: Turn[];
  people: People;
  clock: MeetingClock;
  /** The acts of a sentence; the same objects whenever asked. */
  actsOf(sentence: Sentence): Act[];
  /** The name to write for a speaker who is spoken to; null for "Speaker 2" and voices without a name. */
  personal(speaker: string | null | undefined): string | null;
}

/** Prepares the reading: turns, names, and the acts of each sentence once. */
export function readingOf({ segments, participants, clock }: ExtractionInput): Reading {
  const turns = turnsOf(segments);
  const people = peopleIn(turns, participants);
  const openingsOf = openingsFor(people);
  const known = new Map<Sentence, Act[]>();
  const actsOf = (sentence: Sentence): Act[] => {
    const acts = known.get(sentence) ?? actsIn(sentence, openingsOf);
    known.set(sentence, acts);
    return acts;
  };
  const personal = (speaker: string | null | undefined) =>
    speaker && !/^speaker\b|\d/i.test(speaker) ? speaker : null;
  return { turns, people, clock, actsOf, personal };
}
