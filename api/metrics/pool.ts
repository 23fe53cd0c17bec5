import type { Knex } from 'knex';
import { Gauge, type Registry } from 'prom-client';

/** The part of knex's pool that says how it is. */
interface Pool {
  numUsed(): number;
  numFree(): number;
  numPendingAcquires(): number;
  max: number;
}

const READ: Record<string, (pool: Pool) => number> = {
  used: (pool) => pool.numUsed(),
  free: (pool) => pool.numFree(),
  waiting: (pool) => pool.numPendingAcquires(),
  max: (pool) => pool.max,
};

/** How the pool is at the moment of the scrape. */
export function watchPool(registry: Registry, db: Knex): void {
  const { pool } = db.client as { pool: Pool };
  new Gauge({
    name: 'meeting_pipeline_postgres_connections',
    help: 'Connections to Postgres: used, free, max; waiting = requests that wait for one',
    labelNames: ['state'] as const,
    registers: [registry],
    collect() {
      for (const [state, read] of Object.entries(READ)) this.set({ state }, read(pool));
    },
  });
}
