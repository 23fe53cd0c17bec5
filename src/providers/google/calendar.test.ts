import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { anEvent, calendarContract, type Entry } from '../../../test/support/contracts/calendar';
import { createTestDatabase } from '../../../test/support/database';
import { NOBODY_ELSE } from '../../../test/support/google-calendar';
import { apiError, GoogleStandIn, keyFile } from '../../../test/support/vendors/google';
import { openDatabase } from '../../db/connection';
import type { CalendarPeople } from '../../models/calendar-people';
import { databaseTurns } from '../../models/turns';
import { GoogleCalendar } from './calendar';

const directory = mkdtempSync(path.join(tmpdir(), 'google-key-'));
const KEY_FILE = path.join(directory, 'key.json');
writeFileSync(KEY_FILE, keyFile());
afterAll(() => rmSync(directory, { recursive: true }));

const google = new GoogleStandIn();
beforeAll(() => google.listen());
afterAll(() => google.close());
beforeEach(() => google.clear());
afterEach(() => expect(google.violations).toEqual([]));

const addressOf = (userId: string) => `${userId}@example.com`;
const TEAM = 'team@group.calendar.example.com';

/** Everybody is in the Workspace. */
const everybody: CalendarPeople = {
  find: async (userId) => {
    google.tokens.workspace.add(addressOf(userId));
    return { email: addressOf(userId), grant: null };
  },
  forgetGrant: async () => undefined,
};

function calendarOn(calendarId: string | null, people = everybody, turns = NOBODY_ELSE): GoogleCalendar {
  const signIn = { kind: 'service-account', keyFile: KEY_FILE, calendarId } as const;
  const { url: baseUrl, tokenUrl } = google;
  const settings = { signIn, baseUrl, tokenUrl, authUrl: 'https://unused.example.com' };
  return new GoogleCalendar(settings, people, turns);
}

const utc = (dateTime: string) => new Date(dateTime).toISOString().replace('.000', '');

const entriesOn = (calendar: string): Entry[] =>
  google.events(calendar).map(({ id, summary, description, start, end }) => ({
    uid: id,
    summary,
    description,
    start: start.date ?? utc(start.dateTime),
    end: end.date ?? utc(end.dateTime),
    allDay: start.date !== undefined,
  }));

calendarContract('Google with domain-wide delegation', async () => {
  google.empty();
  return { calendar: calendarOn(null), entriesOf: async (userId) => entriesOn(addressOf(userId)) };
});

describe('an entry on a Google calendar', () => {
  const event = anEvent();
  const [ben, there] = [randomUUID(), () => google.events(addressOf(ben))[0]!];
  let calendar: GoogleCalendar;
  beforeAll(() => {
    calendar = calendarOn(null);
  });

  it('carries its task, keeps its owner free and tells nobody', async () => {
    await calendar.put(ben, event);
    expect(there()).toMatchObject({
      id: event.eventId,
      transparency: 'transparent',
      extendedProperties: { private: { taskId: event.taskId } },
    });
  });

  it('stands at the time with the offset and name of its zone, half an hour long', async () => {
    await calendar.put(ben, {
      ...event,
      when: { at: '2025-10-24T13:00:00.000Z', timezone: 'Europe/Berlin' },
    });
    expect([there().start, there().end]).toEqual([
      { dateTime: '2025-10-24T15:00:00+02:00', timeZone: 'Europe/Berlin' },
      { dateTime: '2025-10-24T15:30:00+02:00', timeZone: 'Europe/Berlin' },
    ]);
  });

  it('turns from a time to a day and back', async () => {
    await calendar.put(ben, { ...event, when: { date: '2025-10-24' } });
    expect([there().start, there().end]).toEqual([{ date: '2025-10-24' }, { date: '2025-10-25' }]);
    await calendar.put(ben, { ...event, when: { at: '2025-12-24T14:00:00Z', timezone: 'UTC' } });
    expect(there().start).toEqual({ dateTime: '2025-12-24T14:00:00Z', timeZone: 'UTC' });
  });

  it('keeps what its owner changed beside ours, and takes one call when nothing has changed', async () => {
    await calendar.put(ben, event);
    Object.assign(there(), { colorId: '7', location: 'Room 1' });
    await calendar.put(ben, { ...event, summary: 'Another' });
    expect(there()).toMatchObject({ colorId: '7', location: 'Room 1', summary: 'Another' });
    google.ledger.length = 0;
    await calendar.put(ben, { ...event, summary: 'Another' });
    expect(google.calls()).toEqual(['GET']);
  });

  it('has no markup in it, and never more text than Google takes', async () => {
    const description = `<a href="https://evil.example.com">x</a>${'🎉'.repeat(8000)}`;
    await calendar.put(ben, { ...event, description });
    expect(there().description).toMatch(/^‹a href=/);
    expect(there().description.isWellFormed()).toBe(true);
  });

  it('that its owner has deleted needs another id', async () => {
    google.deleteByHand(addressOf(ben), event.eventId);
    await expect(calendar.put(ben, event)).rejects.toMatchObject({ code: 'calendar-event-id-used' });
    await expect(calendar.remove(ben, event.eventId)).resolves.toBeUndefined();
  });

  it('is found when another attempt was quicker', async () => {
    const mine = anEvent({ eventId: 'q'.repeat(40) });
    await calendar.put(ben, mine);
    google.next({ answer: apiError(404, 'notFound') });
    google.ledger.length = 0;
    await calendar.put(ben, { ...mine, summary: 'Later' });
    expect(google.calls()).toEqual(['GET', 'POST', 'GET', 'PATCH']);
    expect(google.events(addressOf(ben)).map(({ summary }) => summary)).toEqual(['Later']);
  });

  it('is never laid over one that is not ours', async () => {
    const theirs = anEvent({ eventId: 't'.repeat(40) });
    await calendar.put(ben, theirs);
    const ours = { ...theirs, taskId: randomUUID() };
    await expect(calendar.put(ben, ours)).rejects.toMatchObject({ code: 'calendar-event-id-used' });
  });
});

describe('a calendar that everybody shares', () => {
  it('has the entries of all', async () => {
    google.shared.add(TEAM);
    const calendar = calendarOn(TEAM);
    const events = ['a', 'b', 'c'].map((letter) => anEvent({ eventId: letter.repeat(40) }));
    await Promise.all(events.map((event) => calendar.put(randomUUID(), event)));
    expect(entriesOn(TEAM).map(({ uid }) => uid)).toEqual(events.map(({ eventId }) => eventId));
    expect(google.tokenCalls()).toBe(1);
  });

  it.each([1, 2])('is written by one at a time, from %i processes', async (processes) => {
    google.shared.add(TEAM);
    const database = await createTestDatabase();
    const pools = Array.from({ length: processes }, () => openDatabase(database.config));
    const calendars = pools.map((pool) => calendarOn(TEAM, everybody, databaseTurns(pool)));
    let [open, most] = [0, 0];
    google.choose = () => {
      most = Math.max(most, ++open);
      setTimeout(() => open--, 5);
      return { delayMs: 5 };
    };
    const eventIds = Array.from({ length: 8 }, (_, at) => `m${processes}${at}`.padEnd(40, '0'));
    const events = eventIds.map((eventId) => anEvent({ eventId }));
    const puts = events.map((event, at) => calendars[at % processes]!.put(randomUUID(), event));
    await Promise.all(puts);
    expect(most).toBe(1);
    await Promise.all(pools.map((pool) => pool.destroy()));
    await database.destroy();
  });

  it('that is not shared with the account says what to do', async () => {
    await expect(calendarOn('private').put(randomUUID(), anEvent())).rejects.toMatchObject({
      code: 'calendar-not-found',
      retryable: false,
    });
  });
});

describe('without a person', () => {
  const nobody: CalendarPeople = { find: async () => null, forgetGrant: async () => undefined };

  it('there is nothing to put and nothing to remove, and nobody is called', async () => {
    const calendar = calendarOn(null, nobody);
    await expect(calendar.put('x', anEvent())).rejects.toMatchObject({ code: 'calendar-not-connected' });
    await calendar.remove('x', 'a'.repeat(40));
    expect(google.ledger).toEqual([]);
  });
});

describe('a key file', () => {
  it.each(['', '{}', '[]', '{"client_email":"a","private_key":"b"}'])('with %j is refused', async (text) => {
    const file = path.join(directory, 'broken.json');
    writeFileSync(file, text);
    const signIn = { kind: 'service-account', keyFile: file, calendarId: null } as const;
    const { url: baseUrl, tokenUrl } = google;
    const calendar = new GoogleCalendar({ signIn, baseUrl, tokenUrl, authUrl: '' }, everybody, NOBODY_ELSE);
    await expect(calendar.put('x', anEvent())).rejects.toMatchObject({ code: 'calendar-key-file' });
  });
});
