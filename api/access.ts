/** Who sees and changes what (roles of the contract). Every query starts here, so that what is not yours is not there. */
import type { TransactionOrKnex } from 'objection';
import { Meeting, MeetingParticipant } from '../src/models/meeting';
import { Task } from '../src/models/task';
import { User } from '../src/models/user';

const isAdmin = (caller: User) => caller.role === 'admin';

const ownMeetings = (db: TransactionOrKnex, { id }: User) =>
  Meeting.query(db).select('id').where({ ownerId: id }).whereNull('deleted_at');

/**
 * The caller owns the meeting or was in it; admins see all. Told apart by a union, since with "or" Postgres would go
 * through everybody's meetings for those of one person.
 */
export function visibleMeetings(db: TransactionOrKnex, caller: User) {
  const all = Meeting.query(db).whereNull('meetings.deleted_at');
  if (isAdmin(caller)) return all;
  const attended = MeetingParticipant.query(db).select('meeting_id').where({ userId: caller.id });
  return all.whereIn('meetings.id', ownMeetings(db, caller).union(attended));
}

/** The caller owns the meeting; admins change all. */
export function changeableMeetings(db: TransactionOrKnex, caller: User) {
  const all = Meeting.query(db).whereNull('meetings.deleted_at');
  return isAdmin(caller) ? all : all.where('meetings.owner_id', caller.id);
}

/** "offset 0": asked for each task, never by going through all meetings first. */
const NOT_GONE_WITH_MEETING = `not exists (
  select from meetings where id = tasks.meeting_id and deleted_at is not null offset 0)`;

/** Read and changed by its owner, its creator, its meeting's owner and admins. Gone with its meeting. */
export function visibleTasks(db: TransactionOrKnex, caller: User) {
  const all = Task.query(db).whereNull('tasks.deleted_at').whereRaw(NOT_GONE_WITH_MEETING);
  if (isAdmin(caller)) return all;
  return all.where((own) => {
    void own
      .where('tasks.owner_id', caller.id)
      .orWhere('tasks.created_by', caller.id)
      .orWhereIn('tasks.meeting_id', ownMeetings(db, caller));
  });
}

/** The caller, and whoever shares a meeting with them; admins see all. */
export function visibleUsers(db: TransactionOrKnex, caller: User) {
  const all = User.query(db);
  if (isAdmin(caller)) return all;
  const shared = visibleMeetings(db, caller);
  const present = MeetingParticipant.query(db)
    .select('user_id')
    .whereIn('meeting_id', shared.clone().select('meetings.id'));
  const owners = shared.clone().select('meetings.owner_id');
  const oneself = User.query(db).select('id').where({ id: caller.id });
  return all.whereIn('users.id', oneself.union([present, owners]));
}
