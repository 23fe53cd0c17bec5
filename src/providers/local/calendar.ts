/** Calendars as iCalendar files (RFC 5545), one per user, which any calendar program opens or subscribes to. */
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import ICAL from 'ical.js';
import { ENTRY_MINUTES } from '../../domain/delivery';
import type { Calendar, CalendarEvent } from '../../ports';
import { ProviderError } from '../../provider-error';
import { withLock } from '../../tools/lock';
import { OneByOne } from '../one-by-one';
import { asStorageError, writeDurably } from './durable-file';

const ID = /^[A-Za-z0-9-]{1,100}$/;
/** Makes of an event's id a UID that is unique in the world, as RFC 5545 section 3.8.4.7 asks. */
const DOMAIN = 'meetings.invalid';

/** Another process writes for milliseconds, or was stopped in the middle; then the activity is tried again. */
const LOCK_WAIT_MS = 10_000;

/**
 * One file per user in `directory`. Writes to one calendar happen one after the other: in this process they queue, and
 * the first of the queue locks the file against other processes of this machine.
 */
export class LocalCalendar implements Calendar {
  readonly provider = 'local';
  private readonly writes = new OneByOne();

  constructor(
    private readonly directory: string,
    private readonly now: () => Date = () => new Date(),
  ) {}

  put(userId: string, event: CalendarEvent): Promise<{ etag: string }> {
    return this.change(userId, (calendar) =>
      putEvent(calendar, event, ICAL.Time.fromJSDate(this.now(), true)),
    );
  }

  async remove(userId: string, eventId: string): Promise<void> {
    await this.change(userId, (calendar) => removeEvent(calendar, eventId));
  }

  /** Runs after the writes that were asked for before; the file is only rewritten when something has changed. */
  private change<T>(userId: string, edit: (calendar: ICAL.Component) => T): Promise<T> {
    const file = this.fileOf(userId);
    return this.writes.run(file, async () => {
      const locks = `${this.directory}.locks`; // beside the calendars: who reads those finds nothing else
      await mkdir(locks, { recursive: true });
      return withLock(path.join(locks, userId), LOCK_WAIT_MS, () => rewrite(file, edit));
    });
  }

  private fileOf(userId: string): string {
    if (!ID.test(userId)) throw new RangeError('a user id is no id');
    return path.join(this.directory, `${userId}.ics`);
  }
}

async function rewrite<T>(file: string, edit: (calendar: ICAL.Component) => T): Promise<T> {
  const old = await readIfThere(file);
  const calendar = old === null ? emptyCalendar() : parsed(old);
  const before = calendar.toString();
  const result = edit(calendar);
  const after = calendar.toString();
  if (after !== before) await writeDurably(file, `${after}\r\n`);
  return result;
}

/** A file that somebody has damaged is left as it is for them to mend. */
function parsed(file: string): ICAL.Component {
  try {
    return new ICAL.Component(ICAL.parse(file) as unknown[]);
  } catch (error) {
    throw new ProviderError('calendar-unreadable', 'A file under DATA_DIR/calendars is no iCalendar file.', {
      retryable: false,
      cause: error,
    });
  }
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw asStorageError(error);
  }
}

function emptyCalendar(): ICAL.Component {
  const calendar = new ICAL.Component('vcalendar');
  calendar.addPropertyWithValue('version', '2.0');
  calendar.addPropertyWithValue('prodid', '-//Meeting Pipeline//Deadlines//EN');
  calendar.addPropertyWithValue('x-wr-calname', 'Deadlines from meetings');
  return calendar;
}

const uidOf = (eventId: string) => `${eventId}@${DOMAIN}`;

const find = (calendar: ICAL.Component, eventId: string) =>
  calendar
    .getAllSubcomponents('vevent')
    .find((event) => event.getFirstPropertyValue('uid') === uidOf(eventId));

function removeEvent(calendar: ICAL.Component, eventId: string): void {
  const event = find(calendar, eventId);
  if (event) calendar.removeSubcomponent(event);
}

/** Creates or changes the entry. SEQUENCE counts its changes, so that programs take the newer one. */
function putEvent(calendar: ICAL.Component, event: CalendarEvent, now: ICAL.Time): { etag: string } {
  const old = find(calendar, event.eventId);
  const wanted = describe(event);
  if (old && sameContent(old, wanted)) return { etag: etagOf(old) };
  stamp(wanted, now, old);
  if (old) calendar.removeSubcomponent(old);
  calendar.addSubcomponent(wanted);
  return { etag: etagOf(wanted) };
}

const sequenceOf = (event: ICAL.Component) => Number(event.getFirstPropertyValue('sequence'));
const etagOf = (event: ICAL.Component) => `"${sequenceOf(event)}"`;

function stamp(event: ICAL.Component, now: ICAL.Time, old: ICAL.Component | undefined): void {
  const sequence = old ? sequenceOf(old) + 1 : 0;
  event.addPropertyWithValue('sequence', sequence);
  event.addPropertyWithValue('dtstamp', now);
  event.addPropertyWithValue('created', (old?.getFirstPropertyValue('created') as ICAL.Time | null) ?? now);
  event.addPropertyWithValue('last-modified', now);
}

const STAMPS = new Set(['sequence', 'dtstamp', 'created', 'last-modified']);

function sameContent(old: ICAL.Component, wanted: ICAL.Component): boolean {
  const content = (event: ICAL.Component) =>
    event
      .getAllProperties()
      .filter(({ name }) => !STAMPS.has(name))
      .map((property) => property.toICALString())
      .join('\n');
  return content(old) === content(wanted);
}

function describe({ eventId, taskId, summary, description, when }: CalendarEvent): ICAL.Component {
  const event = new ICAL.Component('vevent');
  event.addPropertyWithValue('uid', uidOf(eventId));
  event.addPropertyWithValue('summary', summary);
  event.addPropertyWithValue('description', description);
  const { start, end } = spanOf(when);
  event.addPropertyWithValue('dtstart', start);
  event.addPropertyWithValue('dtend', end);
  // A deadline does not make its owner busy.
  event.addPropertyWithValue('transp', 'TRANSPARENT');
  event.addPropertyWithValue('x-task-id', taskId);
  return event;
}

/**
 * A date is a whole day, whose end is the next day (DTEND is exclusive). A moment is written in UTC: every program
 * shows that in its reader's zone, and it needs no VTIMEZONE that could disagree with the reader's own.
 */
function spanOf(when: CalendarEvent['when']): { start: ICAL.Time; end: ICAL.Time } {
  if ('date' in when) {
    const start = ICAL.Time.fromDateString(when.date);
    const end = start.clone();
    end.adjust(1, 0, 0, 0);
    return { start, end };
  }
  const start = ICAL.Time.fromJSDate(new Date(when.at), true);
  const end = start.clone();
  end.adjust(0, 0, ENTRY_MINUTES, 0);
  return { start, end };
}
