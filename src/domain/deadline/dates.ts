import { en } from 'chrono-node';
import { DateTime } from 'luxon';
import { MONTH, notPast, WEEKDAY, weekdayNumber, type Rule } from './rule';

const NTH = '(\\d{1,2})(?:st|nd|rd|th)';
/** Far enough for 29 February, which may be eight years away. */
const YEARS_AHEAD = 8;

function nextDayOfMonth(today: DateTime, day: number): DateTime | null {
  for (let months = 0; months < 12; months++) {
    const month = today.startOf('month').plus({ months });
    if (day >= 1 && day <= month.daysInMonth!) {
      const found = notPast(month.set({ day }), today);
      if (found) return found;
    }
  }
  return null;
}

function dayOf(month: DateTime, day: number, today: DateTime): DateTime | null {
  return day >= 1 && day <= month.daysInMonth! ? notPast(month.set({ day }), today) : null;
}

function nextDate(today: DateTime, month: number, day: number, year?: number): DateTime | null {
  if (year !== undefined) return notPast(DateTime.utc(year, month, day), today);
  for (let ahead = 0; ahead <= YEARS_AHEAD; ahead++) {
    const found = notPast(DateTime.utc(today.year + ahead, month, day), today);
    if (found) return found;
  }
  return null;
}

/** "25/11" and "11/25" are both 25 November; with neither number over 12 nobody can tell. */
function slashed(today: DateTime, a: number, b: number, year?: number): DateTime | null {
  if (a > 12 === b > 12) return null;
  return nextDate(today, Math.min(a, b), Math.max(a, b), year);
}

/** chrono-node reads the forms of a date with a month's name; which year is meant is ours to say. */
function writtenDate(today: DateTime, words: string): DateTime | null {
  const [found] = en.strict.parse(words.replace(/\b(?:the|of) /g, ''), today.toJSDate());
  const date = found?.start;
  if (!date || found.end || !date.isCertain('day') || !date.isCertain('month')) return null;
  const year = date.isCertain('year') ? date.get('year')! : undefined;
  return nextDate(today, date.get('month')!, date.get('day')!, year);
}

/** Days of the calendar: "the 10th", "10th of November", "2025-11-10", "25/11". The next such day to come. */
export const DATE_RULES: readonly Rule[] = [
  {
    said: new RegExp(`^(?:the )?${NTH}(?: of the month)?$`),
    means: (today, [, day]) => nextDayOfMonth(today, Number(day)),
  },
  {
    said: new RegExp(`^(?:the )?${NTH} of (this|next) month$`),
    means: (today, [, day, which]) =>
      dayOf(today.startOf('month').plus({ months: which === 'next' ? 1 : 0 }), Number(day), today),
  },
  {
    said: new RegExp(
      `^(?:the )?\\d{1,2}(?:st|nd|rd|th)?(?: of)? ${MONTH}(?: 20\\d\\d)?$|^${MONTH} (?:the )?\\d{1,2}(?:st|nd|rd|th)?(?: 20\\d\\d)?$`,
    ),
    means: (today, [words]) => writtenDate(today, words),
  },
  {
    said: /^(20\d\d)[-/](\d{1,2})[-/](\d{1,2})$/,
    means: (today, [, year, month, day]) => nextDate(today, Number(month), Number(day), Number(year)),
  },
  {
    said: /^(\d{1,2})\/(\d{1,2})(?:\/(20\d\d))?$/,
    means: (today, [, a, b, year]) => slashed(today, Number(a), Number(b), year ? Number(year) : undefined),
  },
];

const WITH_WEEKDAY = new RegExp(`^${WEEKDAY} (.+)$`);

/** "Friday the 17th": the weekday must be the date's own, else somebody has misspoken. */
export function dateWithWeekday(words: string): { weekday: number; date: string } | null {
  const said = WITH_WEEKDAY.exec(words);
  return said ? { weekday: weekdayNumber(said[1]!), date: said[2]! } : null;
}
