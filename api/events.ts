/** What happens to a meeting, as it happens: server-sent events out of `meeting_events`. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { MeetingStatus } from '../src/domain/meeting';
import { stepOf } from '../src/domain/run-steps';
import { MeetingEvent } from '../src/models/meeting-event';
import type { User } from '../src/models/user';
import { visibleMeetings } from './access';

/** A look costs a row by its key. */
const LOOK_EVERY_MS = 500;
/** Below the idle time of common proxies (60 s) and of our own server (120 s). */
const PING_EVERY_MS = 15_000;
const RETRY_MS = 2_000;
/** A reader who comes late to a long story gets it in parts. */
const BATCH = 500;

export interface Watch {
  db: Knex;
  caller: User;
  meetingId: string;
  /** Sequence number of the last event that the reader has; 0 = none. */
  after: number;
  /** Aborted when the reader has left or the process stops. */
  signal: AbortSignal;
}

/**
 * Every event after `after`, each once and in order, and those to come, as `text/event-stream`. Ends when the signal
 * aborts or the meeting is not there any more for this caller. Holds no connection between two looks.
 */
export async function* eventStream(watch: Watch): AsyncGenerator<string> {
  const { signal } = watch;
  yield `retry: ${RETRY_MS}\n\n`;
  let seen = watch.after;
  let spokeAt = performance.now();
  while (!signal.aborted) {
    const last = await lastEvent(watch);
    if (last === null) return;
    const events = last > seen ? await eventsAfter(watch, seen) : [];
    for (const event of events) yield written(event);
    seen = events.at(-1)?.seq ?? seen;
    if (events.length > 0) spokeAt = performance.now();
    else if (performance.now() - spokeAt > PING_EVERY_MS) {
      yield ': still here\n\n';
      spokeAt = performance.now();
    }
    // Rejects when the reader leaves, and the loop ends.
    if (events.length < BATCH) await pause(LOOK_EVERY_MS, null, { signal }).catch(() => undefined);
  }
}

/** null = the meeting was deleted, or the caller may not read it any more. */
async function lastEvent({ db, caller, meetingId }: Watch): Promise<number | null> {
  const meeting = await visibleMeetings(db, caller).findById(meetingId).select('meetings.event_seq');
  return meeting?.eventSeq ?? null;
}

const eventsAfter = ({ db, meetingId }: Watch, seq: number): Promise<MeetingEvent[]> =>
  MeetingEvent.query(db).where({ meetingId }).where('seq', '>', seq).orderBy('seq').limit(BATCH).execute();

function written({ seq, type, at, meetingId, data }: MeetingEvent): string {
  const step = type === 'status' ? { step: stepOf(data.status as MeetingStatus) } : {};
  const body = JSON.stringify({ seq, type, at: at.toISOString(), meetingId, ...data, ...step });
  return `id: ${seq}\nevent: ${type}\ndata: ${body}\n\n`;
}
