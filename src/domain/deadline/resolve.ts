import { DateTime } from 'luxon';
import type { Deadline, MeetingClock } from '../meeting';
import { dayAndTime, instantAt, type DayAndTime } from './clock-time';
import { DATE_RULES, dateWithWeekday } from './dates';
import { COUNTED_RULES, DAY_RULES } from './days';
import { PERIOD_RULES } from './periods';
import { byRules } from './rule';
import { normalised } from './words';

const LEAD =
  /^(?:due )?(?:by|on|until|till|for|due|(?:no|not) later than|on or before|latest(?: by)?) (?:the latest )?/;
/** "Before Friday" leaves Friday itself out, or not: only bounds that are a moment are clear. */
const BEFORE_A_MOMENT =
  /^before (?=eod\b|(?:the )?(?:very )?end of|(?:noon|midday|\d{1,2}(?::\d\d)? ?(?:am|pm)\b))/;
const EOD_OF = /^eod (?:on |of )?(?=.)|(?<=.) (?:by |at )?eod$|^(?:the )?end of (?=today|tomorrow|\w+day\b)/;

const withoutLead = (words: string): string =>
  words
    .replace(BEFORE_A_MOMENT, '')
    .replace(LEAD, '')
    .replace(/^1st thing (?:on |in )?/, '')
    .replace(LEAD, '');

function singleDay(words: string, today: DateTime): DateTime | null | undefined {
  const known = byRules([...DAY_RULES, ...DATE_RULES], words, today);
  if (known !== undefined) return known;
  const named = dateWithWeekday(words);
  const date = named ? byRules(DATE_RULES, named.date, today) : undefined;
  return date && named && date.weekday !== named.weekday ? null : date;
}

function anyDay(said: DayAndTime, whole: string, today: DateTime): DateTime | null | undefined {
  const day = singleDay(said.day.replace(EOD_OF, ''), today);
  if (day !== undefined || said.time !== null) return day;
  return byRules([...COUNTED_RULES, ...PERIOD_RULES], whole, today);
}

/** The meeting's own calendar day, as a UTC midnight: calendar arithmetic that no clock change disturbs. */
function calendarDay(clock: MeetingClock): DateTime {
  const local = DateTime.fromISO(clock.recordedAt, { setZone: true }).setZone(clock.timezone);
  return DateTime.utc(local.year, local.month, local.day);
}

/** What the words mean; null = they are a deadline that can't be told; undefined = they are none that we know. */
function meaning(words: string, clock: MeetingClock): Deadline | null | undefined {
  const today = calendarDay(clock);
  if (!today.isValid) return null;
  const whole = withoutLead(normalised(words));
  const said = dayAndTime(whole);
  const day = anyDay(said, whole, today);
  if (day === undefined) return undefined;
  if (!day?.isValid || said.time === 'unclear') return null;
  if (said.time === null) return { date: day.toISODate()! };
  const at = instantAt(day, said.time, clock.timezone);
  return at === null ? null : { at };
}

/**
 * The deadline that spoken words mean, counted from the meeting's own calendar day in its own zone: a day, or an
 * instant with the zone's offset when a time was said with the day. English. null whenever it can't be told: the words
 * say no day ("soon", "next month"), could mean two ("11/10", "Friday at 3"), or lie in the past.
 */
export function resolveDeadline(words: string, clock: MeetingClock): Deadline | null {
  return words.length > MAX_LENGTH ? null : (meaning(words, clock) ?? null);
}

/** Whether the words, all of them, are a day or a moment of the table, be it one that can't be told. */
export function saysDay(words: string, clock: MeetingClock): boolean {
  return words.length <= MAX_LENGTH && meaning(words, clock) !== undefined;
}

/** No spoken deadline is longer; keeps the patterns away from whole paragraphs. */
const MAX_LENGTH = 100;
