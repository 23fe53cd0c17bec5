/**
 * The loop that makes good what a crash or an outage of Temporal left undone between commit and signal. It runs in every
 * api process; a lock in Postgres lets one round run at a time. What there is to tell is in `untold.ts`.
 */
import type { Client } from '@temporalio/client';
import type { Knex } from 'knex';
import type { Transaction } from 'objection';
import type { Logger } from '../src/log';
import { Meeting } from '../src/models/meeting';
import { askTemporal } from './ask-temporal';
import type { Metrics } from './metrics/metrics';
import { Resting } from './resting';
import { KINDS, type KindName, type Untold } from './untold';

export interface CatchUpDeps {
  db: Knex;
  temporal: Client;
  log: Logger;
  metrics: Metrics;
}

/** How many of each kind Temporal was told of. */
export type Round = Record<KindName, number>;

const EVERY_MS = 5_000;
/** A round stays short, so that the lock is free again soon; the next one goes on. */
const BATCH = 100;
const KIND_MS = 5_000;
/** After so many in a row it is Temporal that is away, not the rows that are odd. */
const MOST_FAILURES = 3;
/** A task that was signalled waits for a worker: signals on top of it only make its history longer. */
const QUIET_MS = 600_000;
/** "catc" in ASCII: no other lock of this database has it. */
const LOCK = 0x63617463;
/** A process that is stopped in its turn loses it: longer than any round, and Postgres ends the session. */
const LONGEST_TURN = '60s';

/** Starts the loop; the promise of the returned function resolves when no round runs any more. */
export function startCatchUp(deps: CatchUpDeps): () => Promise<void> {
  const resting = new Resting();
  let stopped = false;
  let rounds: Promise<unknown> | null = null;
  /** Goes on at once while there is more than a batch: after an outage. */
  const untilDone = async () => {
    while (!stopped && isFull(await catchUp(deps, resting)));
  };
  const timer = setInterval(() => {
    rounds ??= untilDone()
      .catch((error: unknown) => {
        deps.metrics.catchUpRounds.inc({ outcome: 'failed' });
        deps.log.warn({ err: error }, 'catch-up: this round failed');
      })
      .finally(() => {
        rounds = null;
      });
  }, EVERY_MS);
  return async () => {
    stopped = true;
    clearInterval(timer);
    await rounds;
  };
}

const isFull = (round: Round | null): boolean =>
  round !== null && Object.values(round).some((count) => count >= BATCH);

/**
 * One round; null when another process has its turn. A row that Temporal does not take rests, and the others go on.
 * What was told is written down behind the lock and on a connection that is free by then: a crash in between tells it
 * twice, which changes nothing.
 * @throws the last failure when nothing could be told: Temporal is away
 */
export async function catchUp(deps: CatchUpDeps, resting = new Resting()): Promise<Round | null> {
  const told = new Map<KindName, string[]>();
  try {
    const hadTurn = await Meeting.transaction(deps.db, async (trx) => {
      if (!(await takeTurn(trx))) return false;
      await tellAll(deps, { trx, resting, told });
      return true;
    });
    deps.metrics.catchUpRounds.inc({ outcome: hadTurn ? 'done' : 'not-my-turn' });
    if (!hadTurn) return null;
  } finally {
    for (const [name, keys] of told) if (keys.length > 0) await KINDS[name].noteTold?.(deps.db, keys);
  }
  const count = (name: KindName) => told.get(name)?.length ?? 0;
  const round: Round = {
    started: count('started'),
    requests: count('requests'),
    tasks: count('tasks'),
    erasures: count('erasures'),
  };
  if (Object.values(round).some((n) => n > 0)) deps.log.info(round, 'catch-up: told Temporal');
  return round;
}

async function takeTurn(trx: Transaction): Promise<boolean> {
  await trx.raw(`set local idle_in_transaction_session_timeout = '${LONGEST_TURN}'`);
  const { rows } = await trx.raw<{ rows: [{ mine: boolean }] }>(
    'select pg_try_advisory_xact_lock(?) as mine',
    [LOCK],
  );
  return rows[0].mine;
}

interface Turn {
  trx: Transaction;
  resting: Resting;
  told: Map<KindName, string[]>;
}

async function tellAll(deps: CatchUpDeps, turn: Turn): Promise<void> {
  const failures: unknown[] = [];
  turn.resting.forgetOld();
  for (const name of Object.keys(KINDS) as KindName[]) {
    const found = await KINDS[name].find(turn.trx, BATCH + turn.resting.size);
    const due = found.filter(({ key }) => !turn.resting.has(key)).slice(0, BATCH);
    turn.told.set(name, []);
    failures.push(...(await tellSome(deps, turn, { name, due })));
  }
  const anything = [...turn.told.values()].some((keys) => keys.length > 0);
  if (failures.length > 0 && !anything) throw failures.at(-1);
}

/** Stops when its time is over, or when nothing goes through. Returns what went wrong. */
async function tellSome(
  deps: CatchUpDeps,
  { resting, told }: Turn,
  { name, due }: { name: KindName; due: Untold[] },
): Promise<unknown[]> {
  const end = performance.now() + KIND_MS;
  const failed: { key: string; error: unknown }[] = [];
  let inARow = 0;
  for (const { key, tell } of due) {
    if (inARow >= MOST_FAILURES || performance.now() > end) break;
    try {
      await askTemporal(deps.temporal, () => tell(deps.temporal));
      told.get(name)!.push(key);
      if (KINDS[name].noteTold) resting.forget(key);
      else resting.leave(key, QUIET_MS);
      inARow = 0;
    } catch (error) {
      failed.push({ key, error });
      inARow++;
    }
  }
  const ownFault = told.get(name)!.length > 0;
  for (const { key, error } of failed) noteFailure(deps, { name, key, error, ownFault }, resting);
  deps.metrics.catchUpTold.inc({ kind: name }, told.get(name)!.length);
  return failed.map(({ error }) => error);
}

function noteFailure(
  { log, metrics }: CatchUpDeps,
  { name, key, error, ownFault }: { name: KindName; key: string; error: unknown; ownFault: boolean },
  resting: Resting,
): void {
  resting.failed(key, ownFault);
  metrics.catchUpFailed.inc({ kind: name });
  // While Temporal is away the round says so, once.
  if (ownFault) log.warn({ err: error, kind: name, key }, 'catch-up: Temporal does not take this one');
}
