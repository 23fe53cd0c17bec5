import type { DateTime } from 'luxon';

/**
 * One line of the table of spoken deadlines: how it is said (normalised words, the whole of them) and which day is
 * meant, counted from the meeting's day (a UTC midnight that stands for a calendar day). null = can't be told.
 */
export interface Rule {
  said: RegExp;
  means(today: DateTime, said: RegExpMatchArray): DateTime | null;
}

/** The day by the first rule that knows the words; null when the rule can't tell; undefined when no rule knows them. */
export function byRules(rules: readonly Rule[], words: string, today: DateTime): DateTime | null | undefined {
  for (const rule of rules) {
    const said = rule.said.exec(words);
    if (said) return rule.means(today, said);
  }
  return undefined;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

export const MONTH =
  '(january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)\\.?';
export const WEEKDAY =
  '(monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues|tue|wed|thurs|thur|thu|fri|sat|sun)';

/** 1 = January. */
export const monthNumber = (name: string): number => MONTHS.indexOf(name.slice(0, 3)) + 1;
/** 1 = Monday, as in ISO 8601. */
export const weekdayNumber = (name: string): number => WEEKDAYS.indexOf(name.slice(0, 3)) + 1;

/** The day itself, or null when it lies before the meeting's. */
export const notPast = (day: DateTime, today: DateTime): DateTime | null =>
  day.isValid && day.valueOf() >= today.valueOf() ? day : null;
