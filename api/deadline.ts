/** Deadlines between JSON and columns: a day in a zone, or an instant shown with its zone's offset. */
import { DateTime } from 'luxon';
import type { Task } from '../src/models/task';

type DeadlineColumns = Pick<Task, 'deadlineDate' | 'deadlineAt' | 'deadlineTimezone'>;

const isDay = (deadline: string) => deadline.length === 10;

/** `deadline` as checked by `dayOrInstant()`; `timezone` is the meeting's, or the caller's where there is no meeting. */
export function deadlineColumns(deadline: string | null, timezone: string): DeadlineColumns {
  if (deadline === null) return { deadlineDate: null, deadlineAt: null, deadlineTimezone: null };
  if (isDay(deadline)) return { deadlineDate: deadline, deadlineAt: null, deadlineTimezone: timezone };
  return { deadlineDate: null, deadlineAt: new Date(deadline), deadlineTimezone: timezone };
}

/** `YYYY-MM-DD`, RFC 3339 with offset, or null. */
export function presentDeadline({
  deadlineDate,
  deadlineAt,
  deadlineTimezone,
}: DeadlineColumns): string | null {
  if (deadlineAt === null) return deadlineDate;
  const at = DateTime.fromJSDate(deadlineAt, { zone: deadlineTimezone ?? 'UTC' });
  return at.toISO({ suppressMilliseconds: true });
}

export const sameDeadline = (one: DeadlineColumns, other: DeadlineColumns): boolean =>
  one.deadlineDate === other.deadlineDate && one.deadlineAt?.getTime() === other.deadlineAt?.getTime();
