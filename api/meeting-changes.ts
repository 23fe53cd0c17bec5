import type { Knex } from 'knex';
import { raw, type Transaction } from 'objection';
import { plainTranscript } from '../src/domain/plain-transcript';
import { Meeting } from '../src/models/meeting';
import { MeetingEvent } from '../src/models/meeting-event';
import { participantsOf, setParticipants } from '../src/models/participants';
import { Transcript, TranscriptSegment, type SpeakerName } from '../src/models/transcript';
import type { User } from '../src/models/user';
import { changeableMeetings, visibleUsers } from './access';
import { AppError, notFound } from './errors';
import { unknownReference } from './tasks';

export interface MeetingChange {
  title?: string;
  participants?: { name: string; email: string }[] | null;
  /** Label -> user id, name, or null = back to the label. */
  speakers?: Record<string, string | null>;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Changes all or nothing.
 * @throws AppError `not-found`, `no-transcript`, `invalid-body` for labels and users that there are not
 */
export async function changeMeeting(
  db: Knex,
  caller: User,
  meetingId: string,
  change: MeetingChange,
): Promise<void> {
  await Meeting.transaction(db, async (trx) => {
    const meeting = await changeableMeetings(trx, caller).findById(meetingId).forUpdate();
    if (!meeting) throw notFound('meeting');
    const { title, participants, speakers } = change;
    if (participants !== undefined) await setParticipants(trx, meetingId, participants ?? []);
    const transcript = speakers && (await nameSpeakers(trx, caller, meeting, speakers));
    await Meeting.query(trx)
      .findById(meetingId)
      .patch({
        ...(title !== undefined && { title }),
        ...(transcript !== undefined && { transcript }),
        version: raw('version + 1'),
        updatedAt: new Date(),
      });
  });
}

/** Names the voices of the current transcript; returns its plain text under the new names. */
async function nameSpeakers(
  trx: Transaction,
  caller: User,
  { id: meetingId, transcriptId }: Meeting,
  named: Record<string, string | null>,
): Promise<string> {
  const transcript = await Transcript.query(trx).where({ id: transcriptId }).first().forUpdate();
  if (!transcript)
    throw new AppError('no-transcript', 'There are no speakers to name before there is a transcript.');
  const segments = await TranscriptSegment.query(trx)
    .select(TranscriptSegment.columns)
    .where({ transcriptId: transcript.id })
    .orderBy('ordinal');
  requireLabels(Object.keys(named), new Set(segments.map(({ speaker }) => speaker)));
  const speakers = new Map(Object.entries(transcript.speakers));
  for (const [label, who] of Object.entries(named)) {
    if (who === null) speakers.delete(label);
    else speakers.set(label, await nameFor(trx, caller, meetingId, label, who));
  }
  const names = Object.fromEntries(speakers);
  await Transcript.query(trx).findById(transcript.id).patch({ speakers: names });
  const facts = { version: transcript.version, segments: segments.length };
  await MeetingEvent.append(trx, meetingId, 'transcript', facts);
  return plainTranscript(segments, names);
}

function requireLabels(wanted: string[], labels: Set<string | null>): void {
  const unknown = wanted.filter((label) => !labels.has(label));
  if (unknown.length === 0) return;
  const issues = unknown.map((label) => ({
    pointer: `/speakers/${label.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    code: 'reference.unknown',
    detail: 'nobody in the transcript has this label',
  }));
  throw new AppError('invalid-body', 'speakers names labels that the transcript does not have', issues);
}

/** A user goes by the name of this meeting's list of participants, else by their own. */
async function nameFor(
  trx: Transaction,
  caller: User,
  meetingId: string,
  label: string,
  who: string,
): Promise<SpeakerName> {
  if (!UUID.test(who)) return { name: who, userId: null, source: 'person' };
  const userId = who.toLowerCase();
  const there = (await participantsOf(trx, meetingId)).find((participant) => participant.userId === userId);
  const user = there ?? (await visibleUsers(trx, caller).findById(userId).select('users.name'));
  if (!user) throw unknownReference(`/speakers/${label}`, 'not a user that you know');
  return { name: user.name, userId, source: 'person' };
}
