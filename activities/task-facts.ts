import type { TransactionOrKnex } from 'objection';
import { Meeting } from '../src/models/meeting';
import type { Task } from '../src/models/task';

export const hasDeadline = (task: Task): boolean => task.deadlineDate !== null || task.deadlineAt !== null;

/** Deleted, or with its meeting. */
export const isGone = async (db: TransactionOrKnex, task: Task): Promise<boolean> =>
  task.deletedAt !== null || isGoneWithMeeting(db, task);

/** What such a task has put into the world is the erasure's to remove. */
export async function isGoneWithMeeting(db: TransactionOrKnex, { meetingId }: Task): Promise<boolean> {
  const meeting = meetingId ? await Meeting.query(db).findById(meetingId).select('deleted_at') : undefined;
  return Boolean(meeting?.deletedAt);
}
