/** What the janitor's duties share: how old things must be, batches, and the account of what was done. */
import type { TransactionOrKnex } from 'objection';
import { JanitorTotal, type JanitorKind } from '../src/models/janitor-total';
import type { ActivityDeps } from './deps';
import { withHeartbeat } from './heartbeat';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** From when on something counts as left behind, in milliseconds. */
export interface JanitorLimits {
  /** Longer than any send: an attempt has a minute, and the mailer gives up after 30 s. */
  sendingMs: number;
  /** As the README promises of keys. */
  idempotencyKeyMs: number;
  /** A failed request's draft saves money when somebody asks again; a week later nobody does. */
  draftMs: number;
  /** Longer than all attempts of the longest call. */
  callMs: number;
}

const LIMITS: JanitorLimits = {
  sendingMs: 10 * MINUTE_MS,
  idempotencyKeyMs: 24 * HOUR_MS,
  draftMs: 7 * 24 * HOUR_MS,
  callMs: 24 * HOUR_MS,
};

export const limitsOf = ({ janitor }: ActivityDeps): JanitorLimits => ({ ...LIMITS, ...janitor });

/** Rows at a time: a transaction of that many takes milliseconds. */
const BATCH = 200;
/** The rest is left to the next turn, ten minutes later. */
const MOST_PER_TURN = 20_000;

/** Says in SQL that a column is older than a bound parameter of milliseconds. */
export const olderThan = (column: string): string => `${column} < now() - ? * interval '1 millisecond'`;

/**
 * Calls `work` with a limit until it finds less than that, heartbeating in between; returns how much it has done.
 * A batch that does nothing although there is something would go on for ever: `work` says how much it *found*.
 */
export function inBatches(
  work: (limit: number) => Promise<{ found: number; done: number }>,
): Promise<number> {
  return withHeartbeat({ done: 0 }, async (where, signal) => {
    for (let seen = 0; seen < MOST_PER_TURN && !signal.aborted;) {
      const { found, done } = await work(BATCH);
      where.done += done;
      seen += found;
      if (found < BATCH) break;
    }
    return where.done;
  });
}

/** Adds to the account that `/metrics` shows. */
export const tally = (trx: TransactionOrKnex, kind: JanitorKind, count: number): Promise<void> =>
  JanitorTotal.add(trx, kind, count);

/** The line that an operator reads; nothing done is no news. */
export function report({ log }: ActivityDeps, kind: JanitorKind, count: number): number {
  if (count > 0) log.info({ kind, count }, 'janitor: tidied up');
  return count;
}
