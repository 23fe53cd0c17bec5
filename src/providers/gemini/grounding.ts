import { verifyQuote } from '../../domain/evidence';
import type { Participant } from '../../domain/meeting';
import { resolveOwner } from '../../domain/owner';
import type { Citation } from '../../ports';
import type { Line } from './lines';

/** A name is often said a line or two before the promise: "Ben?" – "Yes?" – "The report." – "I'll do it." */
const NEAR_LINES = 2;

/** `12` and what stands there, as the model cites it. */
export interface Cited {
  line: number;
  quote: string;
}

/** What a claim is held against: the lines of the window by number, and who took part. */
export interface Ground {
  lines: ReadonlyMap<number, Line>;
  participants: Participant[];
}

/** Whether the quote stands literally in the line that it cites. */
export function stands({ line, quote }: Cited, { lines }: Ground): boolean {
  const cited = lines.get(line);
  return cited !== undefined && verifyQuote(quote, cited.segment.text) !== null;
}

/** A citation of a line that was not shown points nowhere and is left out. */
export const citation = ({ line, quote }: Cited, { lines }: Ground): Citation[] => {
  const cited = lines.get(line);
  return cited ? [{ segmentId: cited.segment.id, quote }] : [];
};

function near(evidence: readonly Cited[], { lines }: Ground): Line[] {
  const numbers = new Set<number>();
  for (const { line } of evidence)
    if (lines.has(line))
      for (let offset = -NEAR_LINES; offset <= NEAR_LINES; offset++) numbers.add(line + offset);
  return [...numbers].flatMap((number) => lines.get(number) ?? []);
}

const wordsOf = (said: string): string[] =>
  said
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];

/**
 * Whether somebody said this owner's name, or spoke under it, in the cited lines or right beside them. A name from
 * anywhere else is the model's own idea of who should do it.
 */
export function isNamed(owner: string, evidence: readonly Cited[], ground: Ground): boolean {
  const person = resolveOwner(owner, ground.participants);
  const names = new Set(wordsOf(`${owner} ${person?.name ?? ''}`));
  return near(evidence, ground).some(({ segment, words }) => {
    if (person && resolveOwner(segment.speaker, ground.participants) === person) return true;
    return wordsOf(`${segment.speaker ?? ''} ${words}`).some((word) => names.has(word));
  });
}
