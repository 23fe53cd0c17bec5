import type { TransactionOrKnex } from 'objection';
import type { Participant } from '../domain/meeting';
import { MeetingParticipant } from './meeting';

/** Who was in the meeting, in the order given at upload, under the names given there. */
export async function participantsOf(db: TransactionOrKnex, meetingId: string): Promise<Participant[]> {
  const rows = await MeetingParticipant.query(db)
    .where({ meetingId })
    .withGraphJoined('user')
    .orderBy('meeting_participants.position');
  return rows.flatMap(({ userId, name, user }) => (user ? [{ userId, name, email: user.email }] : []));
}
