import type { TransactionOrKnex } from 'objection';
import { Meeting } from '../src/models/meeting';
import type { Task } from '../src/models/task';

/** Deleted ones as well; undefined = the task belongs to none. */
export const meetingOf = async (db: TransactionOrKnex, { meetingId }: Task): Promise<Meeting | undefined> =>
  meetingId ? Meeting.query(db).findById(meetingId).select(Meeting.columns) : undefined;
