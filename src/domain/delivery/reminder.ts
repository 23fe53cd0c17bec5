import { DateTime, IANAZone } from 'luxon';
import type { Due } from './deadline-words';

/** When the owner of a task is reminded of its deadline, and until when that makes sense. */
export interface Reminder {
  /** What is to be remembered: one reminder for each. The day, or the instant in UTC. */
  deadline: string;
  at: Date;
  /** The deadline is over: a day at its end in its own zone, a moment at once. */
  until: Date;
}

const HOUR = 9;

/** Two servers may know different zones; a reminder at a wrong hour is better than none. Zones that were asked for are kept. */
const known = (zone: string | null): string => (zone && IANAZone.create(zone).isValid ? zone : 'UTC');

/**
 * 09:00 on the day before the deadline, on the calendar and the clock of the task's owner; null without a deadline. A
 * day that was said is that day wherever its owner is; a moment belongs to the day that it is in the owner's zone. An
 * hour that the owner's clocks skip comes as much later as they were put forward.
 * @param ownerZone - IANA name
 */
export function reminderOf(due: Omit<Due, 'deadlineText'>, ownerZone: string): Reminder | null {
  const zone = known(ownerZone);
  const { deadlineDate, deadlineAt, deadlineTimezone } = due;
  if (deadlineDate) {
    const until = DateTime.fromISO(deadlineDate, { zone: known(deadlineTimezone) }).plus({ days: 1 });
    return { deadline: deadlineDate, at: dayBefore(deadlineDate, zone), until: until.toJSDate() };
  }
  if (!deadlineAt) return null;
  const day = DateTime.fromJSDate(deadlineAt, { zone }).toISODate();
  if (day === null) return null;
  return { deadline: deadlineAt.toISOString(), at: dayBefore(day, zone), until: deadlineAt };
}

/** Counted on the calendar, not in hours: the day before may have 23 of them, or 25. */
function dayBefore(day: string, zone: string): Date {
  const { year, month, day: number } = DateTime.fromISO(day, { zone: 'UTC' }).minus({ days: 1 });
  return DateTime.fromObject({ year, month, day: number, hour: HOUR }, { zone }).toJSDate();
}
