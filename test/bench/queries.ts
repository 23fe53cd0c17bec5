/** Counts what PostgreSQL is asked, by its own log. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Stand } from './stand';

const ASKED = /LOG: {2}(statement|execute [^:]*):/g;
const TIMES = 9;

/** The fewest statements of several runs of `work`: more are others', say of the loop that runs every five seconds. */
export async function queriesOf({ db, directory }: Stand, work: () => Promise<unknown>): Promise<number> {
  const log = path.join(directory, 'postgres/postgres.log');
  const counts: number[] = [];
  await logging(db, 'all');
  for (let n = 0; n < TIMES; n++) {
    const before = statSync(log).size;
    await work();
    counts.push(readFileSync(log).subarray(before).toString().match(ASKED)?.length ?? 0);
  }
  await logging(db, 'none');
  return Math.min(...counts);
}

async function logging(db: Stand['db'], what: 'all' | 'none'): Promise<void> {
  await db.raw(`alter system set log_statement = '${what}'`);
  await db.raw('select pg_reload_conf()');
  // Every backend rereads its settings before its next statement, once the signal has arrived.
  for (;;) {
    const { rows } = await db.raw<{ rows: { log_statement: string }[] }>('show log_statement');
    if (rows[0]?.log_statement === what) return;
  }
}
