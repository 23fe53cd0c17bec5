import type { TransactionOrKnex } from 'objection';
import { Transcript } from '../src/models/transcript';
import { meetingGone } from './meeting-state';
import type { Work } from './plan-work';

/** The transcript that belongs to this request. Throws `meeting-gone` when it was erased meanwhile. */
export async function draftOf(db: TransactionOrKnex, work: Work): Promise<Transcript> {
  const draft = await Transcript.query(db).findOne({ meetingId: work.meetingId, requestId: work.requestId });
  if (!draft) throw meetingGone();
  return draft;
}
