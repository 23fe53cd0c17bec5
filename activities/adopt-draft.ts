import type { Transaction } from 'objection';
import { Request } from '../src/models/request';
import { Transcript, TranscriptPiece } from '../src/models/transcript';

/**
 * Makes the unfinished draft of an earlier request this one's, so that no piece of it is paid for twice: when that
 * request failed or was cancelled, asked for the same language, and the same provider heard something. What was given
 * up is tried afresh.
 */
export async function adoptDraft(
  trx: Transaction,
  request: Pick<Request, 'meetingId' | 'requestId' | 'language'>,
  provider: string,
): Promise<void> {
  const { meetingId, requestId, language } = request;
  const own = await Transcript.query(trx).findOne({ meetingId, requestId });
  const over = Request.query(trx)
    .select('request_id')
    .where({ meetingId, language })
    .whereIn('state', ['failed', 'cancelled']);
  const left = await Transcript.query(trx)
    .where({ meetingId, state: 'draft', provider })
    .whereIn('request_id', over)
    .orderBy('created_at', 'desc')
    .first();
  if (own || !left) return;
  await Transcript.query(trx).findById(left.id).patch({ requestId });
  await TranscriptPiece.query(trx).where({ transcriptId: left.id }).patch({ wastedCalls: 0 });
}
