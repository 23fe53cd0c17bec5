import type { Evidence } from '../meeting';
import { likeness } from './likeness';
import { citeTheSame, differentDoers, type Matter } from './matter';

/** An item that is there already. Of two that are equally like what was found, the lower `rank` gets it. */
export interface Earlier {
  id: string;
  matter: Matter;
  rank: number;
}

/**
 * An item of the new reading. `key` is all that it says; it orders those that are equally like, so that their order in the
 * answer does not.
 */
export interface Found {
  key: string;
  matter: Matter;
}

/** Items beyond these are only compared by their exact words: far above any meeting, and a bound on work. */
const MOST_COMPARED = 400;

interface Pair<E, F> {
  earlier: E;
  found: F;
  likeness: number;
}

/**
 * Which found item is which earlier one: the likest pair first, each item once. The answer depends on the items, not on
 * the order in which they come.
 */
export function bestMatches<E extends Earlier, F extends Found>(earlier: E[], found: F[]): Map<F, E> {
  const matches = identical(earlier, found);
  const taken = new Set(matches.values());
  const restOfEarlier = inOrder(earlier.filter((item) => !taken.has(item)));
  const restOfFound = found.filter((item) => !matches.has(item)).sort(byKey);
  const pairs = likePairs(restOfEarlier.slice(0, MOST_COMPARED), restOfFound.slice(0, MOST_COMPARED));
  for (const pair of pairs.sort((one, other) => other.likeness - one.likeness)) {
    if (taken.has(pair.earlier) || matches.has(pair.found)) continue;
    taken.add(pair.earlier);
    matches.set(pair.found, pair.earlier);
  }
  return matches;
}

/**
 * Found items without those that say another one again: of such the first by `order`, then by key, stays. Items that are
 * only put alike stay, and so do those that `apart` tells from each other: two promises in one breath are two.
 */
export function eachOnce<F extends Found>(
  found: readonly F[],
  order: (item: F) => number = () => 0,
  apart: (one: F, other: F) => boolean = () => false,
): F[] {
  const kept = new Map<string | undefined, F[]>();
  for (const item of [...found].sort((one, other) => order(one) - order(other) || byKey(one, other))) {
    const words = item.matter.names[0]?.fingerprint;
    const ofTheseWords = kept.get(words) ?? [];
    if (ofTheseWords.some((other) => saysAgain(item, other) && !apart(item, other))) continue;
    ofTheseWords.push(item);
    kept.set(words, ofTheseWords);
  }
  const staying = new Set([...kept.values()].flat());
  return found.filter((item) => staying.has(item));
}

/** Whether two items of the same words are one. */
function saysAgain({ key, matter }: Found, other: Found): boolean {
  if (key === other.key) return true;
  return (
    citeTheSame(matter.evidence, other.matter.evidence) && !differentDoers(matter.owner, other.matter.owner)
  );
}

const inOrder = <E extends Earlier>(earlier: E[]): E[] =>
  [...earlier].sort((one, other) => one.rank - other.rank || (one.id < other.id ? -1 : 1));

const byKey = (one: Found, other: Found): number => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0);

/** Nothing is liker than an item that was found again as it was. */
function identical<E extends Earlier, F extends Found>(earlier: E[], found: F[]): Map<F, E> {
  const exact = new Map<string, E>();
  for (const item of inOrder(earlier)) {
    const key = exactKey(item.matter);
    if (!exact.has(key)) exact.set(key, item);
  }
  const matches = new Map<F, E>();
  for (const item of found) {
    const key = exactKey(item.matter);
    const same = exact.get(key);
    if (same) matches.set(item, same);
    exact.delete(key);
  }
  return matches;
}

function likePairs<E extends Earlier, F extends Found>(earlier: E[], found: F[]): Pair<E, F>[] {
  return earlier.flatMap((old) =>
    found
      .map((item) => ({ earlier: old, found: item, likeness: likeness(old.matter, item.matter) }))
      .filter((pair) => pair.likeness > 0),
  );
}

const exactKey = ({ names, owner, evidence }: Matter): string =>
  JSON.stringify([names[0]?.fingerprint, owner?.id, owner?.text, evidence.map(citation).sort()]);

const citation = ({ segmentId, quote }: Evidence): string => `${segmentId} ${quote}`;
