/** Fewer letters and digits than this support nothing: "ok" stands in every segment. */
const MIN_LETTERS = 3;

const SAME: Record<string, string> = {
  ...Object.fromEntries([...'\u2018\u2019\u201a\u201b\u2032`\u00b4'].map((quote) => [quote, "'"])),
  ...Object.fromEntries([...'\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb'].map((quote) => [quote, '"'])),
  ...Object.fromEntries([...'\u2010\u2011\u2012\u2013\u2014\u2212'].map((dash) => [dash, '-'])),
};

interface Folded {
  text: string;
  /** For each UTF-16 unit of `text`, where its character begins and ends in the original. */
  starts: number[];
  ends: number[];
}

function fold(original: string): Folded {
  const folded: Folded = { text: '', starts: [], ends: [] };
  let at = 0;
  for (const character of original) {
    const space = /\s/.test(character);
    const as = space ? ' ' : (SAME[character] ?? (character === '\u2026' ? '...' : character.toLowerCase()));
    if (!(space && (folded.text === '' || folded.text.endsWith(' ')))) {
      folded.text += as;
      for (let unit = 0; unit < as.length; unit++) {
        folded.starts.push(at);
        folded.ends.push(at + character.length);
      }
    }
    at += character.length;
  }
  return folded;
}

const isWordUnit = (text: string, at: number): boolean => /[\p{L}\p{N}]/u.test(text.charAt(at));

/** Whether a match begins and ends at the edges of words: "I will" is no quote of "I willingly". */
function wholeWords(text: string, start: number, end: number): boolean {
  const cutsStart = isWordUnit(text, start - 1) && isWordUnit(text, start);
  const cutsEnd = isWordUnit(text, end - 1) && isWordUnit(text, end);
  return !cutsStart && !cutsEnd;
}

/**
 * The literal words of the segment that a quote stands for; case, white space and the shape of quotes and dashes do not
 * matter. null when they are not there, are cut out of the middle of words, or are too few to support anything.
 */
export function verifyQuote(quote: string, segmentText: string): string | null {
  const wanted = fold(quote.trim()).text.trim();
  if ((wanted.match(/[\p{L}\p{N}]/gu) ?? []).length < MIN_LETTERS) return null;
  const there = fold(segmentText);
  for (let at = there.text.indexOf(wanted); at >= 0; at = there.text.indexOf(wanted, at + 1)) {
    const end = at + wanted.length;
    if (wholeWords(there.text, at, end)) return segmentText.slice(there.starts[at], there.ends[end - 1]);
  }
  return null;
}
