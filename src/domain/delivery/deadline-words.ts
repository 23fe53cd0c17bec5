import { DateTime } from 'luxon';

/** The columns of a task that say when it is due. */
export interface Due {
  deadlineDate: string | null;
  deadlineAt: Date | null;
  deadlineTimezone: string | null;
  /** The words that were said. */
  deadlineText: string | null;
}

const DAY = 'cccc, d LLLL yyyy';

/** "Friday, 17 October 2025", "Friday, 17 October 2025, 15:00 (Europe/Berlin)"; null when nothing is due. */
export function deadlineWords(due: Due): string | null {
  if (due.deadlineDate) return DateTime.fromISO(due.deadlineDate, { zone: 'UTC' }).toFormat(DAY);
  if (!due.deadlineAt) return null;
  const zone = due.deadlineTimezone ?? 'UTC';
  return `${DateTime.fromJSDate(due.deadlineAt, { zone }).toFormat(`${DAY}, HH:mm`)} (${zone})`;
}
