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

function near({ number }: Line, { lines }: Ground): Line[] {
  const found: Line[] = [];
  for (let offset = -NEAR_LINES; offset <= NEAR_LINES; offset++)
    found.push(...(lines.has(number + offset) ? [lines.get(number + offset)!] : []));
  return found;
}

const wordsOf = (said: string): string[] =>
  said
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];

/**
 * Whether this owner spoke the cited lines, or was named in them or right beside them; citations that do not stand
 * count for nothing. A name from anywhere else is the model's own idea of who should do it.
 */
export function isNamed(owner: string, evidence: readonly Cited[], ground: Ground): boolean {
  const person = resolveOwner(owner, ground.participants);
  const names = new Set(wordsOf(`${owner} ${person?.name ?? ''}`));
  const says = (words: string) => wordsOf(words).some((word) => names.has(word));
  const spoke = ({ segment: { speaker } }: Line) =>
    speaker !== null &&
    (says(speaker) || (person !== null && resolveOwner(speaker, ground.participants) === person));
  return evidence
    .filter((cited) => stands(cited, ground))
    .map(({ line }) => ground.lines.get(line)!)
    .some((line) => spoke(line) || near(line, ground).some(({ words }) => says(words)));
}
