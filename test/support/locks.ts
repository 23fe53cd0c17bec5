import type { Knex } from 'knex';

/** How many sessions of this database wait for a row that another holds. */
export async function waitingForLocks(db: Knex): Promise<number> {
  const { rows } = await db.raw<{ rows: { count: string }[] }>(
    `select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return Number(rows[0]!.count);
}
