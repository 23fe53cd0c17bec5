import type { MeetingClock } from '../meeting';
import { resolveDeadline, saysDay } from './resolve';
import { isTrap, PAST } from './traps';

/** Cheap look before the expensive one: without one of these words no sentence says a deadline. */
const HINT =
  /\b(?:by|before|today|tonight|tomorrow|eo[dwmy]|cob|eob|(?:end|close|start|beginning|middle) of|mid|within|in|no later|mon|tues?|wed|thu|thurs?|fri|\w+day|week|weeks?|month|quarter|20\d\d-\d|soon|asap|afternoon|evening|first thing|sprint|right away|immediately)\b|\d(?:st|nd|rd|th)\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i;

/** Said as deadlines, but no day can be told from them: the words are kept, the date stays null. */
const VAGUE = new RegExp(
  [
    'as soon as possible|a\\.?s\\.?a\\.?p|soon|right away|immediately|straight away',
    '(?:by |before |in |during |(?:some ?time |early |late |later )+)?(?:the )?(?:next|this|coming) (?:week|sprint|month|quarter|year|weekend)',
    '(?:with)?in (?:the next |a |the )?(?:couple of|few|several|next) (?:days|weeks|months)',
    '(?:by|before|in) q[1-4]|(?:by|before) (?:the )?(?:weekend|next meeting|next time)',
    '(?:by|before|in|early in|late in) (?:early |late )?(?:january|february|march|april|june|july|august|september|october|november|december)',
    'before (?:next |this )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|before (?:tomorrow|tonight)',
    'by \\d{1,2}(?::\\d\\d)? ?(?:am|pm|a\\.m\\.|p\\.m\\.)|by (?:noon|midday|midnight|lunch(?:time)?)',
    'by (?:mon|tues|wednes|thurs|fri|satur|sun)day or (?:mon|tues|wednes|thurs|fri|satur|sun)day',
  ].join('|'),
  'iy',
);

const STRONG = /^(?:by|before|no later|not later|within|due|eod|at the latest)/i;
/** The longest we know: "by no later than the end of the day on Friday the seventeenth of October". */
const LONGEST_WORDS = 14;

/** What is longer has no full stop; a deadline so far behind is not what the beginning speaks of. */
const LONGEST_SENTENCE = 2000;

/** Words that belong to something else; none of them is looked at again. */
const TRAP = -1;
const FILLER_LAST = /\b(?:please|maybe|probably|ideally|hopefully|possible|sharp|say|sooner|earlier)$/i;

interface Found {
  words: string;
  end: number;
  rank: number;
}

interface Word {
  start: number;
  end: number;
}

function wordsOf(sentence: string): Word[] {
  return [...sentence.matchAll(/[^\s,;!?()"“”]+/g)].map((match) => {
    const bare = match[0].replace(/\.+$/, (_dots, at: number, all: string) =>
      /[ap]\.m$/i.test(all.slice(0, at)) ? '.' : '',
    );
    return { start: match.index, end: match.index + bare.length };
  });
}

const STARTS =
  /^(?:by|on|before|for|at|due|no|not|within|in|today|tonight|tomorrow|later|this|next|the|first|eo[dwmy]|cob|eob|end|close|start|beginning|mid\S*|early|(?:mon|tues|wednes|thurs|fri|satur|sun)day|noon|midday|\d.*|(?:one|two|three|four|five|six|seven|eight|nine|ten|half|a)|(?:january|february|march|april|may|june|july|august|september|october|november|december)|asap|soon|as|right|immediately|straight|a\.s\.a\.p)$/i;

/** The longest span from a word on that says a day, else the vague words that begin there. */
function longestAt(sentence: string, words: Word[], from: number, clock: MeetingClock): Found | null {
  const start = words[from]!.start;
  VAGUE.lastIndex = start;
  const vague = VAGUE.exec(sentence)?.[0] ?? '';
  for (let to = Math.min(words.length, from + LONGEST_WORDS); to > from; to--) {
    const said = sentence.slice(start, words[to - 1]!.end);
    if (said.length <= vague.length) break;
    if (!FILLER_LAST.test(said) && saysDay(said, clock)) return found(sentence, said, start, clock);
  }
  return vague ? found(sentence, vague, start, clock) : null;
}

function found(sentence: string, words: string, start: number, clock: MeetingClock): Found {
  const end = start + words.length;
  if (isTrap(sentence, start, end)) return { words, end, rank: TRAP };
  const clear = resolveDeadline(words, clock) !== null;
  return { words, end, rank: (clear ? 2 : 0) + (STRONG.test(words) ? 1 : 0) };
}

function allIn(sentence: string, clock: MeetingClock): Found[] {
  const words = wordsOf(sentence);
  const all: Found[] = [];
  for (let i = 0; i < words.length; i++) {
    if (!STARTS.test(sentence.slice(words[i]!.start, words[i]!.end))) continue;
    const here = longestAt(sentence, words, i, clock);
    if (!here) continue;
    if (here.rank !== TRAP) all.push(here);
    while (i + 1 < words.length && words[i + 1]!.start < here.end) i++;
  }
  return all;
}

/**
 * The words of a sentence that say when something is due ("by Friday", "as soon as possible"), literally as they stand
 * there; null when none do: an event's day ("Friday's build"), the past, a habit. Of several the clear one counts
 * before the vague, "by" before "on", and then the last, which corrects what was said before.
 */
export function findDeadlineWords(said: string, clock: MeetingClock): string | null {
  const sentence = said.slice(0, LONGEST_SENTENCE);
  if (!HINT.test(sentence) || PAST.test(sentence)) return null;
  const all = allIn(sentence, clock);
  return (
    all.reduce<Found | null>((best, next) => (best && best.rank > next.rank ? best : next), null)?.words ??
    null
  );
}
