/** Lets work on one thing outside happen one after the other, whichever process of whichever machine it is in. */
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Knex } from 'knex';
import { insist } from '../db/insist';

export interface Turns {
  /**
   * Waits for the turn with this key, `waitMs` at most. It is over when it is given back, or after `holdMs`: a holder
   * that died keeps nobody waiting for longer.
   * @returns what gives it back; null = others were at it all the time
   */
  take(key: string, limits: { waitMs: number; holdMs: number }): Promise<(() => Promise<void>) | null>;
}

/** How often those who wait look: calls to a calendar take a few hundred. At random, so that nobody is always late. */
const LOOK_MS = { least: 40, most: 160 };

/**
 * A row is the turn. Unlike a lock of Postgres it needs no connection while it lasts, which would be one less for all
 * others, and it works through a pooler that lends connections for one transaction. The key may be an address, so it
 * is kept as its hash.
 */
export const databaseTurns = (db: Knex): Turns => ({
  async take(key, { waitMs, holdMs }) {
    const turn = { key: createHash('sha256').update(key).digest('hex'), holder: randomUUID() };
    const end = performance.now() + waitMs;
    while (!(await insist(() => isTaken(db, turn, holdMs)))) {
      const lookMs = LOOK_MS.least + Math.random() * (LOOK_MS.most - LOOK_MS.least);
      if (performance.now() + lookMs > end) return null;
      await pause(lookMs);
    }
    return async () => {
      await insist(() => db('turns').where(turn).delete());
    };
  },
});

/** Asked again by the same holder it is still taken: the first answer may have been lost. */
async function isTaken(db: Knex, turn: { key: string; holder: string }, holdMs: number): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `insert into turns (key, holder, until) values (:key, :holder, now() + :holdMs * interval '1 millisecond')
     on conflict (key) do update set holder = excluded.holder, until = excluded.until
       where turns.until < now() or turns.holder = excluded.holder
     returning holder`,
    { ...turn, holdMs },
  );
  return rows.length === 1;
}
