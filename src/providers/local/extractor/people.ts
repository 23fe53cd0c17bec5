import type { Participant } from '../../../domain/meeting';
import type { Turn } from './turns';

/** Who may be addressed in a meeting, by which names. */
export interface People {
  /** A regular expression's source that matches any of their names. */
  pattern: string;
  /** The name as shown of whom somebody calls by a name, in any case; null when two share it. */
  shown(name: string): string | null;
}

const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const NEVER = '(?!)';
/** First words that are no first names: "Mr. Lee", "The Chair", "Speaker 2". */
const NO_FIRST_NAME =
  /^(?:the|mr|mrs|ms|miss|dr|prof|hon|right|speaker|user|project|team|unknown|will|may|mark)\b\.?$/i;

/** Everybody with a participant's name or a speaker's label. */
export function peopleIn(turns: readonly Turn[], participants: readonly Participant[]): People {
  const labels = turns.flatMap(({ speaker }) => (speaker ? [speaker] : []));
  const everyone = [...new Set([...labels, ...participants.map(({ name }) => name)])];
  const byName = new Map<string, Set<string>>();
  const add = (name: string, shown: string) => {
    const key = name.toLowerCase();
    byName.set(key, (byName.get(key) ?? new Set()).add(shown));
  };
  for (const shown of everyone) {
    add(shown, shown);
    const first = shown.split(/\s+/)[0]!;
    if (first !== shown && !NO_FIRST_NAME.test(first)) add(first, shown);
  }
  const names = [...byName.keys()].filter((name) => /^[\p{L}\p{N}]/u.test(name));
  const longestFirst = names.sort((a, b) => b.length - a.length).map(escaped);
  return {
    pattern:
      longestFirst.length > 0 ? `(?<![\\p{L}\\p{N}])(?:${longestFirst.join('|')})(?![\\p{L}\\p{N}'])` : NEVER,
    shown: (name) => one(byName.get(name.toLowerCase())),
  };
}

/** "Ben" of a participant "Ben Ode" and a label "Ben" are most likely one: the shortest name stands for both. */
function one(found: Set<string> | undefined): string | null {
  const all = [...(found ?? [])].sort((a, b) => a.length - b.length);
  const sameStart = all.every((name) => name.toLowerCase().startsWith((all[0] ?? '').toLowerCase()));
  return all.length > 0 && all.length < 3 && sameStart ? all[0]! : null;
}
