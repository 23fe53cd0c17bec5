/** What was committed and not told to Temporal, by kind. A kind more = an entry more in `KINDS`. */
import type { Client } from '@temporalio/client';
import type { Knex } from 'knex';
import type { QueryBuilder, Transaction } from 'objection';
import { Delivery } from '../src/models/delivery';
import { Erasure } from '../src/models/erasure';
import { Meeting } from '../src/models/meeting';
import { Request } from '../src/models/request';
import { Task } from '../src/models/task';
import {
  signalPipeline,
  signalTaskChanged,
  startErasure,
  startPipeline,
  startTaskSync,
} from '../src/temporal/runs';

/** One thing that Temporal should know. Telling it twice does no harm. */
export interface Untold {
  /** Of the row, and of its version where that counts. */
  key: string;
  tell(temporal: Client): Promise<void>;
}

interface Kind {
  /** Oldest first, by an index that has only such rows. */
  find(trx: Transaction, limit: number): Promise<Untold[]>;
  /** Writes down that Temporal knows; absent = its workflow does. */
  noteTold?(db: Knex, keys: string[]): Promise<void>;
}

export type KindName = 'started' | 'requests' | 'tasks' | 'erasures';

/** Younger ones are still in the hands of the request that wrote them. */
const GRACE = `now() - interval '5 seconds'`;
/** Every retry leaves its time on the row, at least every five minutes: nobody is at one that was left for longer. */
const LEFT = `now() - interval '10 minutes'`;
/** The run's own timer comes first. */
const REMINDER_GRACE = `now() - interval '30 seconds'`;

export const KINDS: Record<KindName, Kind> = {
  started: { find: storedMeetings, noteTold: noteStarted },
  requests: { find: unsignalledRequests, noteTold: noteSignalled },
  tasks: { find: laggingTasks },
  erasures: { find: waitingErasures, noteTold: noteBegun },
};

async function storedMeetings(trx: Transaction, limit: number): Promise<Untold[]> {
  const stored = await Meeting.query(trx)
    .whereNull('run_started_at')
    .whereNull('deleted_at')
    .whereRaw(`created_at < ${GRACE}`)
    .orderBy('created_at')
    .limit(limit);
  return stored.map((meeting) => ({
    key: meeting.id,
    tell: (temporal) => startPipeline(temporal, meeting),
  }));
}

async function noteStarted(db: Knex, ids: string[]): Promise<void> {
  await Meeting.query(db).whereIn('id', ids).whereNull('run_started_at').patch({ runStartedAt: new Date() });
}

/** A deleted meeting gets no new run: its requests go with it. */
async function unsignalledRequests(trx: Transaction, limit: number): Promise<Untold[]> {
  const waiting = await Request.query(trx)
    .where({ state: 'pending' })
    .whereNull('signalled_at')
    .whereRaw(`requests.created_at < ${GRACE}`)
    .whereExists(Meeting.query(trx).whereColumn('meetings.id', 'requests.meeting_id').whereNull('deleted_at'))
    .orderBy('requests.created_at')
    .limit(limit);
  if (waiting.length === 0) return [];
  const meetings = await Meeting.query(trx).findByIds([...new Set(waiting.map((row) => row.meetingId))]);
  const byId = new Map(meetings.map((meeting) => [meeting.id, meeting]));
  return waiting.flatMap(({ meetingId, requestId, kind }) => {
    const meeting = byId.get(meetingId);
    const tell = (temporal: Client) => signalPipeline(temporal, meeting!, { kind, requestId });
    return meeting ? [{ key: `${meetingId} ${requestId}`, tell }] : [];
  });
}

async function noteSignalled(db: Knex, keys: string[]): Promise<void> {
  // An operator's request id may have blanks; a meeting's id has none.
  const ids = keys.map((key) => [key.slice(0, key.indexOf(' ')), key.slice(key.indexOf(' ') + 1)]);
  await Request.query(db)
    .whereInComposite(['meeting_id', 'request_id'], ids)
    .patch({ signalledAt: new Date() });
}

/**
 * Rows ahead of the world, deleted ones included; deliveries that somebody ordered without a change of the row, or that
 * a run has left behind; reminders whose run is gone.
 */
async function laggingTasks(trx: Transaction, limit: number): Promise<Untold[]> {
  // Postgres can't tell how many rows are behind and fears a third of them: only the limits keep it at the indexes.
  const oldest = (found: QueryBuilder<Task | Delivery>, since: string) =>
    Task.query(trx).select('id').from(found.orderBy(since).limit(limit).as('oldest'));
  const behind = Task.query(trx).select('id').whereRaw(`version > synced_version and updated_at < ${GRACE}`);
  const ordered = Delivery.query(trx)
    .select('task_id as id')
    .where({ state: 'pending' })
    .whereRaw(`updated_at < ${GRACE} and (attempts = 0 or updated_at < ${LEFT})`);
  const toRemind = Task.query(trx).select('id').whereRaw(`remind_at < ${REMINDER_GRACE}`);
  const ids = oldest(behind, 'updated_at').union([
    oldest(ordered, 'updated_at'),
    oldest(toRemind, 'remind_at'),
  ]);
  const lagging = await Task.query(trx)
    .select('id', 'version', 'synced_version')
    .whereIn('id', ids)
    .orderBy('updated_at')
    .limit(limit);
  return lagging.map((task) => ({
    key: `${task.id} ${task.version}`,
    tell: (temporal) => (isNew(task) ? startTaskSync : signalTaskChanged)(temporal, task.id),
  }));
}

/** An open run has nothing to learn of such a task: in a burst, a signal would make hundreds begin again. */
const isNew = ({ version, syncedVersion }: Task): boolean => version === 1 && syncedVersion === 0;

/** Also those that were broken off: what was promised with a 202 is done, whoever ended its run. */
async function waitingErasures(trx: Transaction, limit: number): Promise<Untold[]> {
  const waiting = await Erasure.query(trx)
    .where({ state: 'running' })
    .whereRaw(`created_at < ${GRACE} and (started_at is null or started_at < ${LEFT})`)
    .orderBy('created_at')
    .limit(limit);
  return waiting.map(({ id, meetingId }) => ({
    key: id,
    tell: (temporal) => startErasure(temporal, meetingId),
  }));
}

async function noteBegun(db: Knex, ids: string[]): Promise<void> {
  await Erasure.query(db).findByIds(ids).patch({ startedAt: new Date() });
}
