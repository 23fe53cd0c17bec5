import type { TransactionOrKnex } from 'objection';
import { Meeting } from '../src/models/meeting';
import type { Task } from '../src/models/task';

export const hasDeadline = (task: Task): boolean => task.deadlineDate !== null || task.deadlineAt !== null;

/** Deleted, or with its meeting. */
export async function isGone(db: TransactionOrKnex, { deletedAt, meetingId }: Task): Promise<boolean> {
  if (deletedAt !== null) return true;
  const meeting = meetingId ? await Meeting.query(db).findById(meetingId).select('deleted_at') : undefined;
  return Boolean(meeting?.deletedAt);
}
