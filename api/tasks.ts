/** What the task routes share: reading a task as it is shown, and changing one so that nobody misses it. */
import { raw, type QueryBuilder, type Transaction, type TransactionOrKnex } from 'objection';
import type { SpeakerNames } from '../src/domain/plain-transcript';
import { Meeting } from '../src/models/meeting';
import { MeetingEvent } from '../src/models/meeting-event';
import { Task } from '../src/models/task';
import { Transcript } from '../src/models/transcript';
import type { User } from '../src/models/user';
import { visibleTasks, visibleUsers } from './access';
import { AppError, notFound } from './errors';
import { presentTask } from './present/task';

/** A task with the names that its meeting's speakers go by. */
type ShownTask = Task & { speakers: SpeakerNames | null };

/** Visible tasks, each with what presenting it needs. */
export const shownTasks = (db: TransactionOrKnex, caller: User) => withSpeakers(db, visibleTasks(db, caller));

/** The task after a change that the caller was let make, which may have taken it out of their sight. */
export const changedTask = async (trx: Transaction, taskId: string): Promise<Task> =>
  withSpeakers(trx, Task.query(trx)).findById(taskId).throwIfNotFound();

function withSpeakers(db: TransactionOrKnex, tasks: QueryBuilder<Task>) {
  const speakers = Transcript.query(db)
    .select('transcripts.speakers')
    .join('meetings', 'meetings.transcript_id', 'transcripts.id')
    .where('meetings.id', raw('tasks.meeting_id'));
  return tasks.select('tasks.*', speakers.as('speakers'));
}

export const presentShownTask = (task: Task) => presentTask(task, (task as ShownTask).speakers ?? {});

/** @throws AppError `not-found` */
export async function findShownTask(db: TransactionOrKnex, caller: User, taskId: string): Promise<Task> {
  const task = await shownTasks(db, caller).findById(taskId);
  if (!task) throw notFound('task');
  return task;
}

/**
 * The visible task, locked. Its meeting is locked first, in the order in which the pipeline does it, so that the two
 * never wait for each other.
 * @throws AppError `not-found`
 */
export async function lockTask(trx: Transaction, caller: User, taskId: string): Promise<Task> {
  const seen = await visibleTasks(trx, caller).findById(taskId).select('tasks.meeting_id');
  if (seen?.meetingId) await Meeting.query(trx).findById(seen.meetingId).select('id').forUpdate();
  const task = seen && (await visibleTasks(trx, caller).findById(taskId).forUpdate());
  if (!task) throw notFound('task');
  return task;
}

/** Tells whoever watches the task's meeting. */
export async function announceTask(
  trx: Transaction,
  { id: taskId, meetingId }: Pick<Task, 'id' | 'meetingId'>,
  change: 'added' | 'updated' | 'removed',
): Promise<void> {
  if (meetingId) await MeetingEvent.append(trx, meetingId, 'task', { taskId, change });
}

/**
 * Whoever is let through stays until the transaction ends: a deletion of the user that is under way is waited for.
 * @throws AppError `invalid-body` unless the caller may see this user.
 */
export async function requireOwner(trx: Transaction, caller: User, owner: string | null): Promise<void> {
  if (owner === null || owner === caller.id) return;
  if (await visibleUsers(trx, caller).findById(owner).select('users.id').forKeyShare()) return;
  throw unknownReference('/owner', 'owner is not a user that you know');
}

export const unknownReference = (pointer: string, detail: string): AppError =>
  new AppError('invalid-body', detail, [{ pointer, code: 'reference.unknown', detail }]);
