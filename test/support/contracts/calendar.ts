import { randomUUID } from 'node:crypto';
import type { Calendar, CalendarEvent } from '../../../src/ports';

/** An entry as its owner sees it; a whole day has `end` exclusive. Times are instants in UTC. */
export interface Entry {
  uid: string;
  summary: string;
  description: string;
  start: string;
  end: string;
  allDay: boolean;
}

export interface CalendarUnderTest {
  calendar: Calendar;
  entriesOf(userId: string): Promise<Entry[]>;
}

const HOSTILE = 'Call; "Ben", now\\n BEGIN:VEVENT 🎉 \u2028 x';

export const anEvent = (change: Partial<CalendarEvent> = {}): CalendarEvent => ({
  eventId: 'a'.repeat(39) + Math.floor(Math.random() * 10),
  taskId: randomUUID(),
  summary: 'Send the budget',
  description: 'Meeting: Weekly\nBen: “I will send it”',
  when: { date: '2025-10-17' },
  ...change,
});

/** What every `Calendar` promises, as tests. */
export function calendarContract(name: string, make: () => Promise<CalendarUnderTest>): void {
  describe(`${name} as a calendar`, () => {
    const ben = randomUUID();
    let calendar: Calendar;
    let entriesOf: CalendarUnderTest['entriesOf'];
    beforeEach(async () => ({ calendar, entriesOf } = await make()));

    it.each([
      ['2025-10-17', '2025-10-18'],
      ['2025-12-31', '2026-01-01'],
      ['2024-02-28', '2024-02-29'],
      ['2025-10-26', '2025-10-27'],
    ])('shows the date %s as one whole day', async (date, end) => {
      await calendar.put(ben, anEvent({ when: { date } }));
      expect(await entriesOf(ben)).toEqual([
        expect.objectContaining({ summary: 'Send the budget', start: date, end, allDay: true }),
      ]);
    });

    it('shows a moment at that instant', async () => {
      const when = { at: '2025-10-26T02:30:00+01:00', timezone: 'Europe/Berlin' };
      await calendar.put(ben, anEvent({ when }));
      expect(await entriesOf(ben)).toEqual([
        expect.objectContaining({ start: '2025-10-26T01:30:00Z', allDay: false }),
      ]);
    });

    it('has one entry however often it is put', async () => {
      const event = anEvent();
      const first = await calendar.put(ben, event);
      expect(await calendar.put(ben, event)).toEqual(first);
      expect(await entriesOf(ben)).toHaveLength(1);
    });

    it('changes an entry and keeps its UID', async () => {
      const event = anEvent();
      const first = await calendar.put(ben, event);
      const [before] = await entriesOf(ben);
      const moved = { ...event, summary: 'Send two budgets', when: { date: '2025-10-20' } };
      expect(await calendar.put(ben, moved)).not.toEqual(first);
      expect(await entriesOf(ben)).toEqual([
        { ...before, summary: 'Send two budgets', start: '2025-10-20', end: '2025-10-21' },
      ]);
    });

    it('removes one entry, also when it is gone already', async () => {
      const [kept, gone] = [anEvent({ eventId: 'k'.repeat(40) }), anEvent({ eventId: 'g'.repeat(40) })];
      await calendar.put(ben, kept);
      await calendar.put(ben, gone);
      await calendar.remove(ben, gone.eventId);
      await calendar.remove(ben, gone.eventId);
      expect((await entriesOf(ben)).map(({ uid }) => uid)).toEqual([expect.stringContaining(kept.eventId)]);
    });

    it('removes nothing where nobody has a calendar', async () => {
      await expect(calendar.remove(randomUUID(), 'a'.repeat(40))).resolves.toBeUndefined();
    });

    it('loses none of many changes at once', async () => {
      const events = Array.from({ length: 20 }, (_, index) =>
        anEvent({ eventId: `e${index}`.padEnd(40, 'v') }),
      );
      await Promise.all(events.map((event) => calendar.put(ben, event)));
      await Promise.all(events.slice(0, 5).map(({ eventId }) => calendar.remove(ben, eventId)));
      expect(await entriesOf(ben)).toHaveLength(15);
    });

    it('keeps people apart', async () => {
      const anna = randomUUID();
      await calendar.put(ben, anEvent());
      expect(await entriesOf(anna)).toEqual([]);
    });

    it('lets no text change what the entry is', async () => {
      await calendar.put(ben, anEvent({ summary: HOSTILE, description: `${HOSTILE}\r\nEND:VCALENDAR` }));
      expect(await entriesOf(ben)).toEqual([
        expect.objectContaining({ summary: HOSTILE, start: '2025-10-17', allDay: true }),
      ]);
    });
  });
}
