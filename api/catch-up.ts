/**
 * The loop that makes good what a crash or an outage of Temporal left undone between commit and signal. It runs in every
 * api process; a lock in Postgres lets one round run at a time.
 */
import type { Client } from '@temporalio/client';
import type { Knex } from 'knex';
import type { Transaction } from 'objection';
import type { Logger } from '../src/log';
import { Delivery } from '../src/models/delivery';
import { Meeting } from '../src/models/meeting';
import { Request } from '../src/models/request';
import { Task } from '../src/models/task';
import { signalPipeline, signalTaskChanged, startPipeline } from '../src/temporal/runs';

export interface CatchUpDeps {
  db: Knex;
  temporal: Client;
  log: Logger;
}

export interface Round {
  started: number;
  requests: number;
  tasks: number;
}

const EVERY_MS = 5_000;
/** Younger ones are still in the hands of the request that wrote them. */
const GRACE = `now() - interval '5 seconds'`;
/** A round stays short, so that the lock is free again soon; the next one goes on. */
const BATCH = 100;
/** Temporal answers in milliseconds or is away. */
const TIMEOUT_MS = 5_000;
/** A task that was signalled waits for a worker: signals on top of it only make its history longer. */
const QUIET_MS = 600_000;
/** "catc" in ASCII: no other lock of this database has it. */
const LOCK = 0x63617463;

/** Starts the loop; the promise of the returned function resolves when no round runs any more. */
export function startCatchUp(deps: CatchUpDeps): () => Promise<void> {
  const signalled = new Map<string, number>();
  let round: Promise<unknown> | null = null;
  const timer = setInterval(() => {
    round ??= catchUp(deps, signalled)
      .catch((error: unknown) => deps.log.warn({ err: error }, 'catch-up: this round failed'))
      .finally(() => {
        round = null;
      });
  }, EVERY_MS);
  return async () => {
    clearInterval(timer);
    await round;
  };
}

/**
 * One round; null when another process has its turn. The first trouble with Temporal ends the round: it is away.
 * @param signalled - when which version of a task was signalled from here, kept between rounds
 */
export async function catchUp(
  deps: CatchUpDeps,
  signalled = new Map<string, number>(),
): Promise<Round | null> {
  return Meeting.transaction(deps.db, async (trx) => {
    const { rows } = await trx.raw<{ rows: [{ mine: boolean }] }>(
      'select pg_try_advisory_xact_lock(?) as mine',
      [LOCK],
    );
    if (!rows[0].mine) return null;
    const round = await deps.temporal.withDeadline(Date.now() + TIMEOUT_MS, async () => ({
      started: await startMeetings(deps, trx),
      requests: await signalRequests(deps, trx),
      tasks: await signalTasks(deps, trx, signalled),
    }));
    if (Object.values(round).some((count) => count > 0)) deps.log.info(round, 'catch-up: told Temporal');
    return round;
  });
}

async function startMeetings({ db, temporal }: CatchUpDeps, trx: Transaction): Promise<number> {
  const stored = await Meeting.query(trx)
    .whereNull('run_started_at')
    .whereNull('deleted_at')
    .whereRaw(`created_at < ${GRACE}`)
    .orderBy('created_at')
    .limit(BATCH);
  for (const meeting of stored) {
    await startPipeline(temporal, meeting);
    await Meeting.query(db).findById(meeting.id).patch({ runStartedAt: new Date() });
  }
  return stored.length;
}

async function signalRequests({ db, temporal }: CatchUpDeps, trx: Transaction): Promise<number> {
  const waiting = await Request.query(trx)
    .where({ state: 'pending' })
    .whereNull('signalled_at')
    .whereRaw(`created_at < ${GRACE}`)
    .orderBy('created_at')
    .limit(BATCH);
  for (const { meetingId, requestId, kind } of waiting) {
    const meeting = await Meeting.query(trx).findById(meetingId);
    if (meeting) await signalPipeline(temporal, meeting, { kind, requestId });
    await Request.query(db).findById([meetingId, requestId]).patch({ signalledAt: new Date() });
  }
  return waiting.length;
}

/** Every retry leaves its time on the row, at least every five minutes: nobody is at one that was left for longer. */
const LEFT = `now() - interval '10 minutes'`;
/** The run's own timer comes first. */
const REMINDER_GRACE = `now() - interval '30 seconds'`;

/**
 * Rows ahead of the world, deleted ones included; deliveries that somebody ordered without a change of the row, or that
 * a run has left behind; reminders whose run is gone.
 */
async function signalTasks(
  { temporal }: CatchUpDeps,
  trx: Transaction,
  signalled: Map<string, number>,
): Promise<number> {
  const now = performance.now();
  for (const [key, at] of signalled) if (now - at > QUIET_MS) signalled.delete(key);
  const behind = Task.query(trx).select('id').whereRaw(`version > synced_version and updated_at < ${GRACE}`);
  const ordered = Delivery.query(trx)
    .select('task_id')
    .where({ state: 'pending' })
    .whereRaw(`updated_at < ${GRACE} and (attempts = 0 or updated_at < ${LEFT})`);
  const toRemind = Task.query(trx).select('id').whereRaw(`remind_at < ${REMINDER_GRACE}`);
  const lagging = await Task.query(trx)
    .select('id', 'version')
    .whereIn('id', behind.union(ordered).union(toRemind))
    .orderBy('updated_at')
    .limit(BATCH + signalled.size);
  const untold = lagging.filter(({ id, version }) => !signalled.has(`${id} ${version}`)).slice(0, BATCH);
  for (const { id, version } of untold) {
    await signalTaskChanged(temporal, id);
    signalled.set(`${id} ${version}`, now);
  }
  return untold.length;
}
