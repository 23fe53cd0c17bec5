import { DateTime, IANAZone } from 'luxon';

/** A time of day as it was said. null hours = it can't be told whether morning or evening is meant. */
export interface TimeOfDay {
  hour: number;
  minute: number;
}

type DayPart = 'morning' | 'afternoon' | 'evening' | 'night';

/** Normalised words taken apart: the day's, and the time's if any was said. `unclear` = a time nobody can tell. */
export interface DayAndTime {
  day: string;
  time: TimeOfDay | 'unclear' | null;
}

const MARKED = "noon|midday|\\d{1,2}(?:[:.]\\d{2}| \\d{2})? ?(?:am|pm)|\\d{1,2}[:.]\\d{2}|\\d{1,2} ?o'clock";
const AFTER_AT = `${MARKED}|\\d{1,2}(?: \\d{2})?`;
const PART = '(?: (?:in the )?(morning|afternoon|evening|night))?';
const DAY_THEN_TIME = new RegExp(`^(.+?)${PART} (?:(?:at|by|before) (${AFTER_AT})|(${MARKED}))${PART}$`);
const TIME_THEN_DAY = new RegExp(`^(?:at (${AFTER_AT})|(${MARKED}))${PART} (?:on |of )?(.+?)${PART}$`);
const DAY_ONLY = new RegExp(`^(.+?)${PART}$`);
const TIME = /^(\d{1,2})(?:[:. ](\d{2}))? ?(am|pm|o'clock)?$/;

/** Between one and seven, without am, pm or a part of the day, both are possible; from eight on, office hours. */
const FIRST_CLEAR_HOUR = 8;

function inHalf(hour: number, half: 'am' | 'pm'): number | null {
  return hour >= 1 && hour <= 12 ? (hour % 12) + (half === 'pm' ? 12 : 0) : null;
}

function inPart(hour: number, part: DayPart): number | null {
  if (part === 'morning') return hour < 12 ? hour : null;
  if (part === 'afternoon') return (hour % 12) + 12;
  return hour >= 5 && hour < 12 ? hour + 12 : null;
}

function hourOf(said: string, half: string | undefined, part: DayPart | undefined): number | null {
  const hour = Number(said);
  if (half === 'am' || half === 'pm') return inHalf(hour, half);
  if (hour > 12 || said.startsWith('0')) return hour < 24 ? hour : null;
  if (part) return inPart(hour, part);
  return hour >= FIRST_CLEAR_HOUR ? hour : null;
}

function timeOfDay(words: string, part: DayPart | undefined): TimeOfDay | 'unclear' {
  if (words === 'noon' || words === 'midday') return { hour: 12, minute: 0 };
  const said = TIME.exec(words);
  const hour = said && hourOf(said[1]!, said[3], part);
  const minute = Number(said?.[2] ?? 0);
  return hour === null || minute > 59 ? 'unclear' : { hour, minute };
}

function partIn(day: string, ...said: (string | undefined)[]): DayPart | undefined {
  const named = said.find((part) => part !== undefined) ?? /\b(?:morning|afternoon|evening)$/.exec(day)?.[0];
  return (named ?? (day === 'tonight' ? 'night' : undefined)) as DayPart | undefined;
}

/** Takes "tomorrow afternoon at 3" apart; keeps "this afternoon" together, which is a day by itself. */
export function dayAndTime(words: string): DayAndTime {
  const first = DAY_THEN_TIME.exec(words);
  if (first) {
    const day = withoutTrailingThis(first[1]!, first[2]);
    return { day, time: timeOfDay((first[3] ?? first[4])!, partIn(day, first[2], first[5])) };
  }
  const second = TIME_THEN_DAY.exec(words);
  if (second) {
    const day = withoutTrailingThis(second[4]!, second[5]);
    return { day, time: timeOfDay((second[1] ?? second[2])!, partIn(day, second[3], second[5])) };
  }
  const only = DAY_ONLY.exec(words);
  return { day: only ? withoutTrailingThis(only[1]!, only[2]) : words, time: null };
}

const withoutTrailingThis = (day: string, part: string | undefined): string =>
  day === 'this' && part ? `this ${part}` : day;

/**
 * The instant of a wall-clock time: RFC 3339 with the zone's offset then. A time that DST skips is one hour later, of
 * a time that comes twice it is the first. (Luxon leaves both open, so the two offsets around are tried here.)
 */
export function instantAt(day: DateTime, time: TimeOfDay, zone: string): string | null {
  const wallMs = day.plus({ hours: time.hour, minutes: time.minute }).toMillis();
  const rules = IANAZone.create(zone);
  const dayMs = 86_400_000;
  const offsets = [rules.offset(wallMs - dayMs), rules.offset(wallMs + dayMs)];
  const instants = offsets.map((minutes) => wallMs - minutes * 60_000);
  const real = instants.filter((ms, i) => rules.offset(ms) === offsets[i]);
  const ms = real.length > 0 ? Math.min(...real) : instants[0]!;
  return DateTime.fromMillis(ms, { zone }).toISO({ suppressMilliseconds: true });
}
