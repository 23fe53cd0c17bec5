import type { Transaction } from 'objection';
import { Decision } from '../src/models/decision';
import { detachHumanTasks, Erasure, erasureOf } from '../src/models/erasure';
import { Extraction } from '../src/models/extraction';
import { Meeting } from '../src/models/meeting';
import { Question } from '../src/models/question';
import { Task } from '../src/models/task';
import { Transcript, TranscriptSegment } from '../src/models/transcript';
import { Upload } from '../src/models/upload';
import { LONGEST_CALL_S } from './await-calls';
import type { ActivityDeps } from './deps';

/**
 * Removes every row of a deleted meeting and writes down, as ids, what there is of it outside: one transaction. From
 * then on nothing of its content is in this database, and what comes late finds no row to write to.
 */
export async function removeRows({ db }: ActivityDeps, meetingId: string): Promise<void> {
  const { id: erasureId } = await erasureOf(db, meetingId);
  await Meeting.transaction(db, async (trx) => {
    const meeting = await Meeting.query(trx).findById(meetingId).whereNotNull('deleted_at').forUpdate();
    if (!meeting) return;
    // One may have been written while the meeting was being deleted.
    await detachHumanTasks(trx, meetingId);
    await trx.raw(NOTE_WHAT_IS_OUTSIDE, { erasureId, meetingId });
    await trx.raw(NOTE_CALLS_UNDER_WAY, { erasureId, meetingId, seconds: LONGEST_CALL_S });
    const removed = await removeAll(trx, meetingId);
    await Erasure.query(trx).findById(erasureId).patch({ removed });
  });
}

/** A mail of which no sending was ever begun left nothing; an entry of a person who was deleted can't be reached. */
const NOTE_WHAT_IS_OUTSIDE = `
  with found as (select id from tasks where meeting_id = :meetingId)
  insert into erasure_remains (erasure_id, kind, ref, user_id)
    select :erasureId::uuid, 'recordings', media_key, null::uuid from meetings
      where id = :meetingId and media_key is not null
    union all select :erasureId, 'mails', id::text, null from deliveries
      where task_id in (select id from found) and channel = 'email' and attempts > 0
    union all select :erasureId, 'calendarEntries', event_id, user_id from calendar_events
      where task_id in (select id from found) and removed_at is null and user_id is not null
    union all select :erasureId, 'histories', 'task-' || id, null from found
    union all select :erasureId, 'histories', 'meeting-' || :meetingId::text, null`;

/** Only those that put something into the world are worth waiting for; their rows leave the meeting, not the table. */
const NOTE_CALLS_UNDER_WAY = `
  with under_way as (
    update provider_calls set meeting_id = null
    where meeting_id = :meetingId and step = 'notify' and outcome = 'started'
      and created_at > now() - make_interval(secs => :seconds)
    returning id)
  insert into erasure_remains (erasure_id, kind, ref) select :erasureId, 'calls', id::text from under_way`;

/** What goes by itself with the meeting's row: participants, requests, events, calls, keys. */
async function removeAll(trx: Transaction, meetingId: string): Promise<Erasure['removed']> {
  const ofMeeting = { meetingId };
  const versions = Transcript.query(trx).select('id').where(ofMeeting);
  await Meeting.query(trx).findById(meetingId).patch({ transcriptId: null });
  const removed = {
    decisions: await Decision.query(trx).where(ofMeeting).delete(),
    questions: await Question.query(trx).where(ofMeeting).delete(),
    tasks: await Task.query(trx).where(ofMeeting).delete(),
    extractions: await Extraction.query(trx).where(ofMeeting).delete(),
    segments: await TranscriptSegment.query(trx).whereIn('transcript_id', versions).delete(),
    transcripts: await Transcript.query(trx).where(ofMeeting).delete(),
  };
  await Upload.query(trx).where(ofMeeting).delete();
  await Meeting.query(trx).deleteById(meetingId);
  return removed;
}
