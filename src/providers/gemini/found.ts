import { sameMatter } from '../../domain/same-matter';
import type { Citation, ExtractedDecision, ExtractedQuestion, ExtractedTask } from '../../ports';

/** The items of one answer, or of a whole meeting. */
export interface Found {
  tasks: ExtractedTask[];
  decisions: ExtractedDecision[];
  questions: ExtractedQuestion[];
}

interface Item {
  evidence: Citation[];
}

export const nothing = (): Found => ({ tasks: [], decisions: [], questions: [] });

/** All items of two lists that speak of different things. */
export const together = (one: Found, other: Found): Found => ({
  tasks: [...one.tasks, ...other.tasks],
  decisions: [...one.decisions, ...other.decisions],
  questions: [...one.questions, ...other.questions],
});

const citesWith = (one: Item, other: Item): boolean =>
  one.evidence.some(({ segmentId }) => other.evidence.some((cited) => cited.segmentId === segmentId));

const alike = (one: string, other: string): boolean => sameMatter(one, [other]) && sameMatter(other, [one]);

function asOne<T extends Item>(one: T, other: T): T {
  const quotes = new Map([...one.evidence, ...other.evidence].map((cited) => [JSON.stringify(cited), cited]));
  const said = Object.entries(one).map(([field, value]) => [
    field,
    (value as unknown) ?? (other as Record<string, unknown>)[field],
  ]);
  return { ...(Object.fromEntries(said) as T), evidence: [...quotes.values()] };
}

/** Each later item joins at most one earlier: two promises in one breath stay two. */
function join<T extends Item>(earlier: T[], later: T[], words: (item: T) => string): T[] {
  const joined = [...earlier];
  const free = new Set(earlier.keys());
  const at = (item: T, same: (known: T) => boolean) =>
    [...free].find((index) => citesWith(joined[index]!, item) && same(joined[index]!));
  for (const item of later) {
    const match =
      at(item, (known) => words(known) === words(item)) ??
      at(item, (known) => alike(words(known), words(item)));
    if (match === undefined) joined.push(item);
    else {
      joined[match] = asOne(joined[match]!, item);
      free.delete(match);
    }
  }
  return joined;
}

/** Two readings of overlapping text as one: what cites the same segment in similar words is one item. */
export const merge = (earlier: Found, later: Found): Found => ({
  tasks: join(earlier.tasks, later.tasks, ({ name }) => name),
  decisions: join(earlier.decisions, later.decisions, ({ text }) => text),
  questions: join(earlier.questions, later.questions, ({ text }) => text),
});
