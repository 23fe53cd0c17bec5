import type { DateTime } from 'luxon';
import { notPast, WEEKDAY, weekdayNumber, type Rule } from './rule';

const COUNT = '(a|an|\\d{1,3})';
const UNIT = "(day|week|fortnight|month|year)s?'?s?";

const count = (word: string): number => (word.startsWith('a') ? 1 : Number(word));

function later(today: DateTime, amount: string, unit: string): DateTime {
  const n = count(amount);
  return unit === 'fortnight' ? today.plus({ weeks: 2 * n }) : today.plus({ [`${unit}s`]: n });
}

const inWeek = (monday: DateTime, name: string): DateTime => monday.plus({ days: weekdayNumber(name) - 1 });

/** The first such day after the meeting's: said on a Friday, "by Friday" is in seven days. */
function coming(today: DateTime, name: string): DateTime {
  return today.plus({ days: ((weekdayNumber(name) - today.weekday + 6) % 7) + 1 });
}

const nextWeeks = (today: DateTime, name: string): DateTime =>
  inWeek(today.startOf('week').plus({ weeks: 1 }), name);
const thisWeeks = (today: DateTime, name: string): DateTime | null =>
  notPast(inWeek(today.startOf('week'), name), today);

/** Days named by their distance or by their weekday. Weeks run from Monday to Sunday. */
export const DAY_RULES: readonly Rule[] = [
  {
    said: /^(?:later )?(?:today|tonight|this (?:morning|afternoon|evening))$|^eod$/,
    means: (today) => today,
  },
  { said: /^(?:first thing )?tomorrow(?: first thing)?$/, means: (today) => today.plus({ days: 1 }) },
  { said: /^(?:the )?day after tomorrow$/, means: (today) => today.plus({ days: 2 }) },
  {
    said: new RegExp(`^(?:(?:this |the )?coming |1st thing )?${WEEKDAY}$`),
    means: (today, [, name]) => coming(today, name!),
  },
  {
    said: new RegExp(`^this ${WEEKDAY}$|^${WEEKDAY} (?:of )?this week$`),
    means: (today, [, a, b]) => thisWeeks(today, (a ?? b)!),
  },
  {
    said: new RegExp(`^next ${WEEKDAY}$|^${WEEKDAY} (?:of |in )?next week$|^next week (?:on )?${WEEKDAY}$`),
    means: (today, [, a, b, c]) => nextWeeks(today, (a ?? b ?? c)!),
  },
];

/** "Within the hour" can't end on another day than this unless the meeting is held at midnight. */
const SOON =
  /^(?:in|within) (?:the next )?(?:\d{1,2} minutes?|(?:an|a|1|half an|a half|half) hour|the hour)$/;

/** Counted stretches of time. A month's end clamps: a month after 31 January is the last day of February. */
export const COUNTED_RULES: readonly Rule[] = [
  { said: SOON, means: (today) => today },
  {
    said: new RegExp(`^(?:in|within) (?:the next )?${COUNT} ${UNIT}(?: time)?$`),
    means: (today, [, amount, unit]) => later(today, amount!, unit!),
  },
  {
    said: new RegExp(`^${COUNT} ${UNIT} from (now|today|tomorrow)$`),
    means: (today, [, amount, unit, from]) =>
      later(from === 'tomorrow' ? today.plus({ days: 1 }) : today, amount!, unit!),
  },
];
