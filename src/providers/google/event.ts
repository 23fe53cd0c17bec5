/** Our entries in Google's words. */
import type { calendar_v3 } from 'googleapis/build/src/apis/calendar';
import { DateTime } from 'luxon';
import { ENTRY_MINUTES } from '../../domain/delivery';
import type { CalendarEvent } from '../../ports';

type GoogleEvent = calendar_v3.Schema$Event;
type Moment = calendar_v3.Schema$EventDateTime;

/** Google takes 8,192; a description that is too long would fail the entry. */
const MAX_DESCRIPTION = 8_000;
const MAX_SUMMARY = 1_000;

/** What we say of an entry; all other fields are its owner's. A deadline does not make them busy. */
export function googleEvent({ taskId, summary, description, when }: CalendarEvent): GoogleEvent {
  return {
    summary: shortened(summary, MAX_SUMMARY),
    description: shortened(plain(description), MAX_DESCRIPTION),
    ...spanOf(when),
    transparency: 'transparent',
    extendedProperties: { private: { taskId } },
  };
}

/** Google shows descriptions as HTML. What was said must not become a link, in no program that reads the entry. */
const plain = (words: string): string => words.replaceAll('<', '‹').replaceAll('>', '›');

const shortened = (words: string, most: number): string =>
  words.length <= most
    ? words
    : `${words
        .slice(0, most - 1)
        .toWellFormed()
        .replace(/\ufffd$/, '')}…`;

/** A day's end is the next day (exclusive); a moment has the zone's offset and its name. */
function spanOf(when: CalendarEvent['when']): { start: Moment; end: Moment } {
  if ('date' in when) {
    const nextDay = DateTime.fromISO(when.date, { zone: 'utc' }).plus({ days: 1 });
    return { start: { date: when.date }, end: { date: nextDay.toISODate() } };
  }
  const start = DateTime.fromISO(when.at, { zone: when.timezone });
  const moment = (at: DateTime): Moment => ({
    dateTime: at.toISO({ suppressMilliseconds: true }),
    timeZone: when.timezone,
  });
  return { start: moment(start), end: moment(start.plus({ minutes: ENTRY_MINUTES })) };
}

/** Ours are marked with their task; one that its owner has deleted stays under its id as `cancelled`. */
export const isOurs = (event: GoogleEvent, { taskId }: CalendarEvent): boolean =>
  event.status !== 'cancelled' && event.extendedProperties?.private?.taskId === taskId;

/** What must be patched so that the entry says what it should; null = nothing. */
export function changesOf(old: GoogleEvent, event: CalendarEvent): GoogleEvent | null {
  const wanted = googleEvent(event);
  const changes: GoogleEvent = {
    ...(sameWords(old.summary, wanted.summary) ? {} : { summary: wanted.summary ?? null }),
    ...(sameWords(old.description, wanted.description) ? {} : { description: wanted.description ?? null }),
    ...(sameSpan(old, wanted)
      ? {}
      : { start: moved(old.start, wanted.start), end: moved(old.end, wanted.end) }),
  };
  return Object.keys(changes).length > 0 ? changes : null;
}

type Words = string | null | undefined;
const sameWords = (one: Words, other: Words): boolean => (one ?? '') === (other ?? '');

const sameSpan = (old: GoogleEvent, wanted: GoogleEvent): boolean =>
  sameMoment(old.start, wanted.start) && sameMoment(old.end, wanted.end);

function sameMoment(old: Moment | undefined, wanted: Moment | undefined): boolean {
  if (wanted?.date) return old?.date === wanted.date;
  return instantOf(old) === instantOf(wanted) && old?.timeZone === wanted?.timeZone;
}

const instantOf = (moment: Moment | undefined): number => Date.parse(moment?.dateTime ?? '');

/** A patch keeps what it does not name: a day must be told that it has no time any more, and a time that it has one. */
function moved(old: Moment | undefined, wanted: Moment | undefined): Moment {
  if (wanted?.date) return { ...wanted, ...(old?.dateTime && { dateTime: null, timeZone: null }) };
  return { ...wanted, ...(old?.date && { date: null }) };
}
