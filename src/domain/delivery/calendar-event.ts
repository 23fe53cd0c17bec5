import { createHash } from 'node:crypto';
import type { CalendarEvent } from '../../ports';
import { inert, oneLine } from './inert';
import type { DeliveredMeeting, DeliveredTask } from './mail';

/** RFC 4648 section 7, lower case: the characters that Google Calendar takes in an event's id. */
const BASE32HEX = '0123456789abcdefghijklmnopqrstuv';
/** 200 bits: no two tasks ever meet. */
const ID_CHARACTERS = 40;
const BITS = 5;

/** A deadline is a moment, but calendars hide an entry without length. */
export const ENTRY_MINUTES = 30;

/**
 * The same for the same task, person and generation, so that a repeated call finds the entry of the first. 40
 * characters 0–9 and a–v.
 */
export function calendarEventId(taskId: string, userId: string, generation: number): string {
  const digest = createHash('sha256').update(`${taskId}/${userId}/${generation}`).digest();
  const bits = Array.from(digest, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return Array.from({ length: ID_CHARACTERS }, (_, index) => {
    const group = bits.slice(index * BITS, (index + 1) * BITS);
    return BASE32HEX[Number.parseInt(group, 2)];
  }).join('');
}

/**
 * The entry for a task that has a deadline.
 * @throws RangeError when it has none
 */
export function calendarEventFor(
  task: DeliveredTask,
  meeting: DeliveredMeeting | null,
  eventId: string,
): CalendarEvent {
  return {
    eventId,
    taskId: task.id,
    summary: oneLine(task.name),
    description: descriptionOf(task, meeting),
    when: whenOf(task),
  };
}

function whenOf({ deadlineDate, deadlineAt, deadlineTimezone }: DeliveredTask): CalendarEvent['when'] {
  if (deadlineDate) return { date: deadlineDate };
  if (deadlineAt) return { at: deadlineAt.toISOString(), timezone: deadlineTimezone ?? 'UTC' };
  throw new RangeError('a task without a deadline has no place on a calendar');
}

function descriptionOf(task: DeliveredTask, meeting: DeliveredMeeting | null): string {
  const lines = task.evidence.map(
    ({ speaker, quote }) => `${speaker === null ? '' : `${oneLine(speaker)}: `}“${oneLine(quote)}”`,
  );
  return inert([...(meeting ? [`Meeting: ${oneLine(meeting.title)}`] : []), ...lines].join('\n'));
}
