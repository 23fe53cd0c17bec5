/** A sentence where it stands: `text === whole.slice(start, end)`. */
export interface Sentence {
  text: string;
  start: number;
  end: number;
}

const END = /[.!?…]+["”’')\]]*(?=\s|$)|\n+/g;
const ABBREVIATION = /(?:^|[\s("“])(?:mr|mrs|ms|dr|prof|hon|st|vs|etc|e\.g|i\.e|no|approx|[ap]\.m|[a-z])\.$/i;

function ends(text: string): number[] {
  const found = [...text.matchAll(END)].map((match) => ({
    end: match.index + match[0].length,
    mark: match[0],
  }));
  const real = found.filter(({ end, mark }) => mark !== '.' || !abbreviates(text, end));
  return [...real.map(({ end }) => end), text.length];
}

/** "3 p.m. Then" still ends a sentence; "Mr. Lee" does not. "I." and "No." at the very end do. */
function abbreviates(text: string, end: number): boolean {
  const before = text.slice(Math.max(0, end - 12), end);
  if (!ABBREVIATION.test(before)) return false;
  if (/\bno\.$/i.test(before)) return /^\s{0,3}\d/.test(text.slice(end, end + 4));
  const after = text.slice(end, end + 4);
  return after.trim() !== '' && !(/[ap]\.m\.$/i.test(before) && /^\s+[A-Z]/.test(after));
}

/** The sentences of a text with their places; white space around them left out. */
export function sentencesOf(text: string): Sentence[] {
  const sentences: Sentence[] = [];
  let from = 0;
  for (const to of ends(text)) {
    const raw = text.slice(from, to);
    const start = from + (raw.length - raw.trimStart().length);
    if (raw.trim() !== '') sentences.push({ text: raw.trim(), start, end: start + raw.trim().length });
    from = to;
  }
  return sentences;
}
