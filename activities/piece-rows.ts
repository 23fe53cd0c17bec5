/** What becomes of a piece, in rows. A second worker that works the same piece changes nothing. */
import type { Knex } from 'knex';
import { raw, type Transaction } from 'objection';
import type { Stretch } from '../src/domain/sound';
import { HeardSegmentRow, Transcript, TranscriptPiece } from '../src/models/transcript';
import type { SpeechResult } from '../src/ports';
import { lockMeeting, meetingGone, workIsOver } from './meeting-state';

export type Heard = Pick<
  HeardSegmentRow,
  'transcriptId' | 'startMs' | 'endMs' | 'text' | 'confidence' | 'speaker' | 'words'
>;

/** The piece as it was read: done, halved or erased meanwhile, it is not found. */
const same = ({ transcriptId, startMs, endMs }: TranscriptPiece) => ({
  transcriptId,
  startMs,
  endMs,
  state: 'pending' as const,
});

/**
 * Nothing is written of a meeting that was deleted while it was heard, or of a transcript that is complete. Throws
 * `meeting-gone`, `request-over`.
 */
async function writing<T>(
  db: Knex,
  transcriptId: string,
  write: (trx: Transaction) => Promise<T>,
): Promise<T> {
  return Transcript.transaction(db, async (trx) => {
    const draft = await Transcript.query(trx).findById(transcriptId).select('meeting_id');
    if (!draft) throw meetingGone();
    await lockMeeting(trx, draft.meetingId);
    if (!(await Transcript.query(trx).findOne({ id: transcriptId, state: 'draft' }).select('id'))) {
      throw workIsOver();
    }
    return write(trx);
  });
}

/** All that was heard of a piece and that it is done, or nothing. */
export async function finishPiece(
  db: Knex,
  piece: TranscriptPiece,
  heard: Heard[],
  by: Partial<SpeechResult> & { dropped: number },
): Promise<void> {
  await writing(db, piece.transcriptId, async (trx) => {
    const finished = await TranscriptPiece.query(trx).where(same(piece)).patch({ state: 'done' });
    if (finished === 0) return;
    await insertHeard(trx, heard);
    const { dropped, language, ...provenance } = by;
    await Transcript.query(trx)
      .findById(piece.transcriptId)
      .patch({
        ...provenance,
        dropped: raw('dropped + ?', dropped),
        ...(language && { language: raw('coalesce(language, ?)', language) }),
      });
  });
}

/** What was heard so far, when the engine can go on behind it. */
export const saveHeard = (db: Knex, transcriptId: string, heard: Heard[]): Promise<void> =>
  writing(db, transcriptId, (trx) => insertHeard(trx, heard));

/** Not through the model: it can't tell which of several rows were there already. */
async function insertHeard(trx: Transaction, heard: Heard[]): Promise<void> {
  if (heard.length === 0) return;
  const rows = heard.map((row) => ({ ...row, words: JSON.stringify(row.words) }));
  await trx(HeardSegmentRow.tableName).insert(rows).onConflict(['transcript_id', 'start_ms']).ignore();
}

/** Puts two pieces into the place of one; the new ones. */
export async function replaceByHalves(
  db: Knex,
  piece: TranscriptPiece,
  halves: [Stretch, Stretch],
): Promise<TranscriptPiece[]> {
  return writing(db, piece.transcriptId, async (trx) => {
    const removed = await TranscriptPiece.query(trx).where(same(piece)).delete();
    if (removed === 0) return [];
    const { transcriptId, depth } = piece;
    const rows = halves.map((half) => ({ ...half, transcriptId, depth: depth + 1 }));
    await TranscriptPiece.query(trx).insert(rows);
    return TranscriptPiece.query(trx)
      .where({ transcriptId })
      .whereIn(
        'start_ms',
        halves.map(({ startMs }) => startMs),
      )
      .orderBy('start_ms');
  });
}

/** Counts a call that may have been paid for and brought nothing; how many there are now. */
export async function countWasted(db: Knex, piece: TranscriptPiece): Promise<number> {
  return writing(db, piece.transcriptId, async (trx) => {
    await TranscriptPiece.query(trx).where(same(piece)).increment('wasted_calls', 1);
    const row = await TranscriptPiece.query(trx).findOne(same(piece));
    return row?.wastedCalls ?? 0;
  });
}
