import type { DateTime } from 'luxon';
import { MONTH, monthNumber, notPast, type Rule } from './rule';

const YEAR = '(20\\d\\d)';
const QUARTER = '(?:q([1-4])|(?:the )?(?:([1-4])(?:st|nd|rd|th)) quarter)';
const LATE = '(?:the )?(?:very )?(?:end|last day) of ';
const MIDDLE = '(?:the )?mid(?:dle of)? ';

const friday = (today: DateTime): DateTime => today.startOf('week').plus({ days: 4 });

/** Said at a weekend, "the week" is the coming one; what "this week" or "next week" is then, nobody can tell. */
function endOfWeek(today: DateTime, which: 'the' | 'this' | 'next'): DateTime | null {
  const weekend = today.weekday > 5;
  if (weekend) return which === 'the' ? friday(today).plus({ weeks: 1 }) : null;
  return which === 'next' ? friday(today).plus({ weeks: 1 }) : friday(today);
}

type LongPeriod = 'month' | 'quarter' | 'year';

const lastDay = (day: DateTime, unit: LongPeriod): DateTime => day.endOf(unit).startOf('day');

/** The last day of a month, the next one to come unless the year was said. */
function endOfMonth(today: DateTime, month: number, year: string | undefined): DateTime | null {
  const inYear = (n: number): DateTime => lastDay(today.set({ year: n, month, day: 1 }), 'month');
  if (year !== undefined) return notPast(inYear(Number(year)), today);
  return notPast(inYear(today.year), today) ?? inYear(today.year + 1);
}

/** The 15th; when this year's is over, it can't be told whether the next one is meant. */
function middleOf(today: DateTime, month: number, year: string | undefined): DateTime | null {
  const thisYears = notPast(today.set({ year: Number(year ?? today.year), month, day: 15 }), today);
  if (thisYears || year !== undefined || month === today.month) return thisYears;
  return today.set({ year: today.year + 1, month, day: 15 });
}

/** Ends, starts and middles of weeks, months, quarters and years. */
export const PERIOD_RULES: readonly Rule[] = [
  {
    said: /^(?:the )?(?:very )?end of (the|this|next) week$|^end of week$/,
    means: (today, [, which]) => endOfWeek(today, (which ?? 'the') as 'the' | 'this' | 'next'),
  },
  {
    said: /^(?:the )?(?:month|quarter|year)(?:'s)? end$/,
    means: (today, [said]) => lastDay(today, unitIn(said)),
  },
  {
    said: new RegExp(`^${LATE}(?:(?:the|this|the current) )?(month|quarter|year)$`),
    means: (today, [, unit]) => lastDay(today, unit as LongPeriod),
  },
  {
    said: new RegExp(`^${LATE}(?:the )?next (month|quarter|year)$`),
    means: (today, [, unit]) =>
      lastDay(today.startOf(unit as LongPeriod).plus({ [`${unit}s`]: 1 }), unit as LongPeriod),
  },
  {
    said: new RegExp(`^${LATE}${MONTH}(?: ${YEAR})?$`),
    means: (today, [, name, year]) => endOfMonth(today, monthNumber(name!), year),
  },
  {
    said: new RegExp(`^${LATE}${QUARTER}(?: (?:of )?${YEAR})?$`),
    means: (today, [, q, nth, year]) => endOfMonth(today, 3 * Number(q ?? nth), year),
  },
  { said: new RegExp(`^${LATE}${YEAR}$`), means: (today, [, year]) => endOfMonth(today, 12, year) },
  {
    said: /^(?:the )?(?:very )?(?:start|beginning) of next week$/,
    means: (today) => today.startOf('week').plus({ weeks: 1 }),
  },
  {
    said: new RegExp(`^${MIDDLE}(?:(?:the|this) )?month$`),
    means: (today) => notPast(today.set({ day: 15 }), today),
  },
  {
    said: new RegExp(`^${MIDDLE}next month$`),
    means: (today) => today.startOf('month').plus({ months: 1, days: 14 }),
  },
  {
    said: new RegExp(`^${MIDDLE}${MONTH}(?: ${YEAR})?$`),
    means: (today, [, name, year]) => middleOf(today, monthNumber(name!), year),
  },
];

const unitIn = (said: string): LongPeriod => (/month|quarter|year/.exec(said)?.[0] ?? 'month') as LongPeriod;
