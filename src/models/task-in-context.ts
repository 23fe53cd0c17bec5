import type { TransactionOrKnex } from 'objection';
import type { Meeting } from './meeting';
import { Task } from './task';
import type { User } from './user';

/** A task with what decides who is told of it, and what. */
export interface TaskInContext {
  task: Task;
  /** Also when it is deleted; null = the task belongs to none. */
  meeting: Pick<Meeting, 'title' | 'recordedAt' | 'timezone' | 'notify' | 'deletedAt'> | null;
  owner: Pick<User, 'id' | 'name' | 'email' | 'timezone'> | null;
}

const OF_MEETING = {
  meetingTitle: 'meetings.title',
  meetingRecordedAt: 'meetings.recorded_at',
  meetingTimezone: 'meetings.timezone',
  meetingNotify: 'meetings.notify',
  meetingDeletedAt: 'meetings.deleted_at',
};
const OF_OWNER = { ownerName: 'users.name', ownerEmail: 'users.email', ownerTimezone: 'users.timezone' };

type Row = Task & {
  [name in keyof typeof OF_MEETING | keyof typeof OF_OWNER]: never;
};

/**
 * Read by one statement; undefined when there is no such task, while one that is deleted is found.
 * @param options.lock - the task, until the transaction ends; meeting and owner are as they were before the wait
 */
export async function taskInContext(
  db: TransactionOrKnex,
  taskId: string,
  { lock = false } = {},
): Promise<TaskInContext | undefined> {
  const query = Task.query(db)
    .findById(taskId)
    .leftJoin('meetings', 'meetings.id', 'tasks.meeting_id')
    .leftJoin('users', 'users.id', 'tasks.owner_id')
    .select('tasks.*', OF_MEETING, OF_OWNER);
  // Postgres locks nothing that may be absent.
  if (lock) (query as unknown as { forUpdate(table: string): void }).forUpdate('tasks');
  const row = (await query) as Row | undefined;
  return row && { task: row, meeting: meetingOf(row), owner: ownerOf(row) };
}

const meetingOf = (row: Row): TaskInContext['meeting'] =>
  row.meetingId === null
    ? null
    : {
        title: row.meetingTitle,
        recordedAt: row.meetingRecordedAt,
        timezone: row.meetingTimezone,
        notify: row.meetingNotify,
        deletedAt: row.meetingDeletedAt,
      };

const ownerOf = ({ ownerId: id, ...row }: Row): TaskInContext['owner'] =>
  id === null ? null : { id, name: row.ownerName, email: row.ownerEmail, timezone: row.ownerTimezone };
