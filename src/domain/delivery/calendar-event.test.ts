import fc from 'fast-check';
import { calendarEventFor, calendarEventId } from './calendar-event';

const task = {
  id: '5f0c2f0e-0000-4000-8000-000000000001',
  name: 'Send the\nbudget',
  deadlineDate: '2025-10-17' as string | null,
  deadlineAt: null as Date | null,
  deadlineTimezone: 'Europe/Berlin',
  deadlineText: 'by Friday',
  evidence: [{ segmentId: 's', startMs: 0, endMs: 1, speaker: 'Ben', quote: 'I will send it' }],
};
const meeting = { title: 'Weekly', recordedAt: new Date(0), timezone: 'UTC' };

describe('the id of a calendar entry', () => {
  it('has 40 characters that calendars take, and is the same every time', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), fc.nat(), (taskId, userId, generation) => {
        const id = calendarEventId(taskId, userId, generation);
        expect(id).toMatch(/^[0-9a-v]{40}$/);
        expect(calendarEventId(taskId, userId, generation)).toBe(id);
      }),
    );
  });

  it('is another for another task, person or generation', () => {
    const ids = [
      calendarEventId('t', 'u', 1),
      calendarEventId('t', 'u', 2),
      calendarEventId('t', 'v', 1),
      calendarEventId('s', 'u', 1),
    ];
    expect(new Set(ids).size).toBe(4);
  });
});

describe('a calendar entry', () => {
  it('is a whole day for a date, under the name of the task', () => {
    expect(calendarEventFor(task, meeting, 'abc')).toEqual({
      eventId: 'abc',
      taskId: task.id,
      summary: 'Send the budget',
      description: 'Meeting: Weekly\nBen: “I will send it”',
      when: { date: '2025-10-17' },
    });
  });

  it('is a moment in its zone for a time', () => {
    const timed = { ...task, deadlineDate: null, deadlineAt: new Date('2025-10-15T13:00:00Z') };
    expect(calendarEventFor(timed, null, 'abc').when).toEqual({
      at: '2025-10-15T13:00:00.000Z',
      timezone: 'Europe/Berlin',
    });
  });

  it('needs a deadline', () => {
    expect(() => calendarEventFor({ ...task, deadlineDate: null }, null, 'abc')).toThrow(RangeError);
  });
});
