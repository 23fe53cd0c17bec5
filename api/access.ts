/** Who sees and changes what (roles of the contract). Every query starts here, so that what is not yours is not there. */
import type { TransactionOrKnex } from 'objection';
import { Meeting, MeetingParticipant } from '../src/models/meeting';
import { Task } from '../src/models/task';
import { User } from '../src/models/user';

const isAdmin = (caller: User) => caller.role === 'admin';

const meetingsOf = (db: TransactionOrKnex, userId: string) =>
  MeetingParticipant.query(db).select('meeting_id').where({ userId });

/** The caller owns the meeting or was in it; admins see all. */
export function visibleMeetings(db: TransactionOrKnex, caller: User) {
  const all = Meeting.query(db).whereNull('meetings.deleted_at');
  if (isAdmin(caller)) return all;
  return all.where((own) => {
    void own.where('meetings.owner_id', caller.id).orWhereIn('meetings.id', meetingsOf(db, caller.id));
  });
}

/** The caller owns the meeting; admins change all. */
export function changeableMeetings(db: TransactionOrKnex, caller: User) {
  const all = Meeting.query(db).whereNull('meetings.deleted_at');
  return isAdmin(caller) ? all : all.where('meetings.owner_id', caller.id);
}

/** Read and changed by its owner, its creator, its meeting's owner and admins. Gone with its meeting. */
export function visibleTasks(db: TransactionOrKnex, caller: User) {
  const meetings = Meeting.query(db).select('id').whereNull('deleted_at');
  const all = Task.query(db)
    .whereNull('tasks.deleted_at')
    .where((kept) => {
      void kept.whereNull('tasks.meeting_id').orWhereIn('tasks.meeting_id', meetings);
    });
  if (isAdmin(caller)) return all;
  const ownMeetings = Meeting.query(db).select('id').where({ ownerId: caller.id });
  return all.where((own) => {
    void own
      .where('tasks.owner_id', caller.id)
      .orWhere('tasks.created_by', caller.id)
      .orWhereIn('tasks.meeting_id', ownMeetings);
  });
}

/** The caller, and whoever shares a meeting with them; admins see all. */
export function visibleUsers(db: TransactionOrKnex, caller: User) {
  const all = User.query(db);
  if (isAdmin(caller)) return all;
  const shared = visibleMeetings(db, caller).select('meetings.id');
  return all.where((known) => {
    void known
      .where('users.id', caller.id)
      .orWhereIn(
        'users.id',
        MeetingParticipant.query(db).select('user_id').whereIn('meeting_id', shared.clone()),
      )
      .orWhereIn('users.id', Meeting.query(db).select('owner_id').whereIn('id', shared.clone()));
  });
}
