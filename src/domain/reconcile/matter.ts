import type { Evidence } from '../meeting';
import { stems } from '../same-matter';

/** What an item is about, as far as two readings of it can be compared. */
export interface Matter {
  /** Each name that it goes by. */
  names: Name[];
  /** Who does it, or null when that is not known or was decided by a person: then it tells nothing. */
  owner: Doer | null;
  evidence: readonly Evidence[];
  /** The telling words of all that it cites. */
  said: string[];
}

interface Name {
  fingerprint: string;
  words: string[];
  /** Without those that only say when: a deadline may stand in a name or not. */
  withoutWhen: string[];
}

export interface Doer {
  id: string | null;
  /** As spoken. */
  text: string | null;
}

export function matterOf(
  names: readonly string[],
  owner: Doer | null,
  evidence: readonly Evidence[],
): Matter {
  const said = evidence.flatMap(({ quote }) => [...stems(quote)]);
  return { names: [...new Set(names)].map(nameOf), owner, evidence, said: [...new Set(said)] };
}

function nameOf(name: string): Name {
  const words = [...stems(name)];
  return { fingerprint: fingerprint(name), words, withoutWhen: words.filter((word) => !WHEN.has(word)) };
}

/** The same words, whatever their case, punctuation and spacing. */
export function fingerprint(words: string): string {
  return (
    words
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu)
      ?.join(' ') ?? ''
  );
}

const WHEN = stems(
  'monday tuesday wednesday thursday friday saturday sunday today tonight tomorrow morning noon afternoon evening ' +
    'january february march april june july august september october november december ' +
    'week month quarter year day next soon later until before after end',
);

/** "test" and "testing", "call" and "calls": below four letters a beginning says too little. */
const SHORTEST_BEGINNING = 4;

const meet = (one: string, other: string): boolean => {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  return short === long || (short.length >= SHORTEST_BEGINNING && long.startsWith(short));
};

/** Words of `these` that none of `those` meets. */
export const missingFrom = (these: readonly string[], those: readonly string[]): string[] =>
  these.filter((word) => !those.some((other) => meet(word, other)));

/** Whether the two are known to be different people. */
export function differentDoers(one: Doer | null, other: Doer | null): boolean {
  if (!one || !other) return false;
  if (one.id !== null && other.id !== null) return one.id !== other.id;
  if (one.text === null || other.text === null) return false;
  return fingerprint(one.text) !== fingerprint(other.text);
}

/** Two stretches of a recording are one place when they share half of the shorter. */
const SHARED_TIME = 0.5;

/**
 * Whether some words that they cite are the same: the same segment, the same time of the recording (a new transcript has
 * other segments), or, where there are no times, the same words.
 */
export const citeTheSame = (one: readonly Evidence[], other: readonly Evidence[]): boolean =>
  one.some((mine) => other.some((theirs) => samePlace(mine, theirs)));

function samePlace(one: Evidence, other: Evidence): boolean {
  if (one.segmentId === other.segmentId) return true;
  if (one.startMs === null || one.endMs === null || other.startMs === null || other.endMs === null)
    return fingerprint(one.quote) === fingerprint(other.quote);
  const shared = Math.min(one.endMs, other.endMs) - Math.max(one.startMs, other.startMs);
  const shorter = Math.min(one.endMs - one.startMs, other.endMs - other.startMs);
  return shared > 0 && shared >= shorter * SHARED_TIME;
}
