import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ICAL from 'ical.js';
import { anEvent, calendarContract, type Entry } from '../../../test/support/contracts/calendar';
import { LocalCalendar } from './calendar';

const BEN = '5f0c2f0e-0000-4000-8000-000000000001';
const directories: string[] = [];

async function scratch(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'calendar-'));
  directories.push(directory);
  return directory;
}

afterAll(async () => {
  for (const directory of directories.flatMap((name) => [name, `${name}.locks`]))
    await rm(directory, { recursive: true, force: true });
});

async function fileOf(directory: string, userId: string): Promise<string> {
  const there = (await readdir(directory)).includes(`${userId}.ics`);
  return there ? readFile(path.join(directory, `${userId}.ics`), 'utf8') : '';
}

function entriesIn(file: string): Entry[] {
  if (!file) return [];
  const events = new ICAL.Component(ICAL.parse(file) as unknown[]).getAllSubcomponents('vevent');
  return events.map((component) => {
    const { uid, summary, description, startDate, endDate } = new ICAL.Event(component);
    const [start, end] = [startDate.toString(), endDate.toString()];
    return { uid, summary, description, start, end, allDay: startDate.isDate };
  });
}

calendarContract('the calendar directory', async () => {
  const directory = await scratch();
  return {
    calendar: new LocalCalendar(directory),
    entriesOf: async (userId) => entriesIn(await fileOf(directory, userId)),
  };
});

describe('the local calendar', () => {
  it('writes what calendar programs read', async () => {
    const directory = await scratch();
    const calendar = new LocalCalendar(directory, () => new Date('2025-10-14T09:00:00Z'));
    const taskId = '5f0c2f0e-0000-4000-8000-000000000002';
    await calendar.put(BEN, anEvent({ eventId: 'abc', taskId, description: 'Weekly\nBen' }));
    expect((await fileOf(directory, BEN)).split('\r\n')).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Meeting Pipeline//Deadlines//EN',
      'X-WR-CALNAME:Deadlines from meetings',
      'BEGIN:VEVENT',
      'UID:abc@meetings.invalid',
      'SUMMARY:Send the budget',
      'DESCRIPTION:Weekly\\nBen',
      'DTSTART;VALUE=DATE:20251017',
      'DTEND;VALUE=DATE:20251018',
      'TRANSP:TRANSPARENT',
      `X-TASK-ID:${taskId}`,
      'SEQUENCE:0',
      'DTSTAMP:20251014T090000Z',
      'CREATED:20251014T090000Z',
      'LAST-MODIFIED:20251014T090000Z',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ]);
  });

  it('counts the changes of an entry and says when, and leaves one alone that has not changed', async () => {
    const directory = await scratch();
    let now = new Date('2025-10-14T09:00:00Z');
    const calendar = new LocalCalendar(directory, () => now);
    const event = anEvent();
    await calendar.put(BEN, event);
    const first = await fileOf(directory, BEN);
    now = new Date('2025-10-15T09:00:00Z');
    await calendar.put(BEN, event);
    expect(await fileOf(directory, BEN)).toBe(first);
    await calendar.put(BEN, { ...event, summary: 'Another' });
    const changed = await fileOf(directory, BEN);
    expect(changed).toContain('SEQUENCE:1\r\n');
    expect(changed).toContain('LAST-MODIFIED:20251015T090000Z\r\n');
    expect(changed).toContain('CREATED:20251014T090000Z\r\n');
  });

  it('goes on after a write that failed', async () => {
    const directory = await scratch();
    const calendar = new LocalCalendar(directory);
    await writeFile(path.join(directory, `${BEN}.ics`), 'not a calendar');
    await expect(calendar.put(BEN, anEvent())).rejects.toMatchObject({ code: 'calendar-unreadable' });
    await rm(path.join(directory, `${BEN}.ics`));
    await expect(calendar.put(BEN, anEvent())).resolves.toEqual({ etag: '"0"' });
  });

  it('refuses a user id that would be a path', async () => {
    const calendar = new LocalCalendar(await scratch());
    await expect(async () => calendar.put('../outside', anEvent())).rejects.toThrow(RangeError);
  });
});

it('is not lost among two who write at once', async () => {
  const directory = await scratch();
  const processes = [new LocalCalendar(directory), new LocalCalendar(directory)];
  const events = Array.from({ length: 8 }, (_, at) => anEvent({ eventId: `m${at}`.padEnd(40, '0') }));
  await Promise.all(events.map((event, at) => processes[at % 2]!.put(BEN, event)));
  expect(entriesIn(await fileOf(directory, BEN))).toHaveLength(events.length);
});
