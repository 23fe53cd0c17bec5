/** Words that are written in two ways and said in one. */
const UNITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const TEENS = [
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
];
const TENS = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const ORDINALS: Record<string, string> = {
  one: 'first',
  two: 'second',
  three: 'third',
  five: 'fifth',
  eight: 'eighth',
};
Object.assign(ORDINALS, { nine: 'ninth', twelve: 'twelfth' });

const CARDINALS = new Map([...UNITS, ...TEENS].map((word, i) => [String(i), word]));
TENS.forEach((word, i) => CARDINALS.set(String((i + 2) * 10), word));

function inWords(word: string): string[] {
  const [, digits, ordinal] = /^(\d{1,2})(st|nd|rd|th)?$/.exec(word) ?? [];
  if (!digits) return [word];
  const whole = CARDINALS.get(digits);
  const parts = whole
    ? [whole]
    : [CARDINALS.get(`${digits[0]}0`) ?? '', CARDINALS.get(digits[1] ?? '') ?? ''];
  const last = parts.pop() ?? '';
  return [...parts, ordinal ? (ORDINALS[last] ?? `${last.replace(/y$/, 'ie')}th`) : last];
}

/** Lower case, no punctuation, numbers as words. */
export function spokenWords(text: string): string[] {
  const plain = text
    .toLowerCase()
    .replace(/[’']/g, '')
    .replace(/\bok\b/g, 'okay');
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).flatMap(inWords);
}

/** Wrong, missing and added words per word of the reference (0 = all right). */
export function wordErrorRate(reference: string, heard: string): number {
  const [said, got] = [spokenWords(reference), spokenWords(heard)];
  let row = Array.from({ length: got.length + 1 }, (_, i) => i);
  said.forEach((word, i) => {
    const next = [i + 1];
    got.forEach((other, j) => {
      const replaced = (row[j] ?? 0) + (word === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    });
    row = next;
  });
  return (row.at(-1) ?? 0) / said.length;
}
