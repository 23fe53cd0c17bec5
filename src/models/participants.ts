import type { TransactionOrKnex } from 'objection';
import type { Participant } from '../domain/meeting';
import { MeetingParticipant } from './meeting';
import { User } from './user';

/** Who was in the meeting, in the order given at upload, under the names given there. */
export async function participantsOf(db: TransactionOrKnex, meetingId: string): Promise<Participant[]> {
  const rows = await MeetingParticipant.query(db)
    .where({ meetingId })
    .withGraphJoined('user')
    .modifyGraph('user', (user) => void user.select('id', 'email'))
    .orderBy('meeting_participants.position');
  return rows.flatMap(({ userId, name, user }) => (user ? [{ userId, name, email: user.email }] : []));
}

type People = readonly { name: string; email: string }[];

/** Makes these people the participants instead of those who are: as `addParticipants`. */
export async function setParticipants(
  trx: TransactionOrKnex,
  meetingId: string,
  people: People,
): Promise<void> {
  await MeetingParticipant.query(trx).where({ meetingId }).delete();
  await addParticipants(trx, meetingId, people);
}

/**
 * Gives a meeting that has none its participants: these people (by lower-cased address, once each), in this order.
 * Whoever is not a user yet becomes one; a user who is there already keeps name and role. Call it in a transaction.
 */
export async function addParticipants(
  trx: TransactionOrKnex,
  meetingId: string,
  people: People,
): Promise<void> {
  const named = new Map(people.map(({ name, email }) => [email.toLowerCase(), name]));
  if (named.size === 0) return;
  const ids = await upsertUsers(trx, named);
  const rows = [...named].map(([email, name], position) => ({
    meetingId,
    userId: ids.get(email)!,
    name,
    position,
  }));
  await MeetingParticipant.query(trx).insert(rows);
}

/**
 * User ids by address; none of them can be deleted before the transaction ends. In the order of addresses, so that two
 * meetings with the same people can't block each other.
 */
async function upsertUsers(
  trx: TransactionOrKnex,
  named: Map<string, string>,
  triesLeft = 3,
): Promise<Map<string, string>> {
  const rows = [...named].sort().map(([email, name]) => ({ email, name }));
  await User.query(trx).insert(rows).onConflict('email').ignore();
  const users = await User.query(trx)
    .select('id', 'email')
    .whereIn('email', [...named.keys()])
    .forKeyShare();
  // Somebody was deleted between the two statements.
  if (users.length < named.size && triesLeft > 0) return upsertUsers(trx, named, triesLeft - 1);
  return new Map(users.map(({ id, email }) => [email, id]));
}
