const UNITS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const TEENS = 'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ');
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const UNIT_ORDINALS = 'first second third fourth fifth sixth seventh eighth ninth'.split(' ');
const TEEN_ORDINALS =
  'tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth'.split(
    ' ',
  );

const cardinals = new Map<string, number>([
  ...UNITS.map((word, i) => [word, i + 1] as const),
  ...TEENS.map((word, i) => [word, i + 10] as const),
]);
const ordinals = new Map<string, number>([
  ...UNIT_ORDINALS.map((word, i) => [word, i + 1] as const),
  ...TEEN_ORDINALS.map((word, i) => [word, i + 10] as const),
  ['twentieth', 20],
  ['thirtieth', 30],
]);

const TENS_AND_REST = new RegExp(
  `\\b(${TENS.join('|')})(?:[ -](${[...UNITS, ...UNIT_ORDINALS].join('|')}))?\\b`,
  'g',
);
const SMALL = new RegExp(`\\b(${[...cardinals.keys(), ...ordinals.keys()].join('|')})\\b`, 'g');

function suffixed(day: number): string {
  const teen = day % 100 > 10 && day % 100 < 14;
  return `${day}${(!teen && ['th', 'st', 'nd', 'rd'][day % 10]) || 'th'}`;
}

function tens(word: string, rest: string | undefined): string {
  const base = (TENS.indexOf(word) + 2) * 10;
  if (rest === undefined) return String(base);
  const unit = cardinals.get(rest);
  return unit === undefined ? suffixed(base + ordinals.get(rest)!) : String(base + unit);
}

/** "twenty five" → "25", "twenty-first" → "21st", "tenth" → "10th". Expects lower case. */
export function withDigits(words: string): string {
  return words
    .replace(TENS_AND_REST, (_, word: string, rest?: string) => tens(word, rest))
    .replace(SMALL, (word) => String(cardinals.get(word) ?? suffixed(ordinals.get(word)!)));
}

const SAID_WITHOUT_MEANING =
  /\b(?:u+m+|u+h+|er+m?|you know|let's say|say|some ?time|any ?time|maybe|probably|ideally|hopefully|please|at the (?:very )?latest|at latest|or (?:sooner|earlier)|if possible|sharp)\b/g;

function clockWords(words: string): string {
  return words
    .replace(/\b([ap])\.? ?m\b\.?/g, '$1m')
    .replace(/\bhalf past (\d{1,2})\b/g, '$1:30')
    .replace(/\b(?:a )?quarter past (\d{1,2})\b/g, '$1:15')
    .replace(/\b(?:a )?quarter to (\d{1,2})\b/g, (_, hour: string) => `${((Number(hour) + 10) % 12) + 1}:45`);
}

const END_OF_DAY =
  /\b(?:the )?(?:(?:end|close) of (?:the )?(?:business |working |work )?(?:day|business|play)|eod|eob|cob)\b/g;

/** One spelling for everything that means the same: lower case, digits, no commas, no fillers, `eod` for a day's end. */
export function normalised(words: string): string {
  const plain = words
    .toLowerCase()
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[,;!?]/g, ' ')
    .replace(/\.(?=\s|$)/g, (dot, at: number, all: string) =>
      /[ap]\.?m$/.test(all.slice(0, at)) ? dot : ' ',
    )
    .replace(/([a-z])-(?=[a-z])/g, '$1 ')
    .replace(SAID_WITHOUT_MEANING, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return clockWords(withDigits(plain))
    .replace(END_OF_DAY, 'eod')
    .replace(
      /\beo([wmy])\b/g,
      (_, unit: string) => `end of the ${unit === 'w' ? 'week' : unit === 'm' ? 'month' : 'year'}`,
    );
}
