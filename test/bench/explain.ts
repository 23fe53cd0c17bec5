/**
 * `npm run explain`: fills a database with 10,000 meetings of 100 segments, asks what is asked most often through the
 * code that asks it, and writes how PostgreSQL carried it out to `docs/queries/`, a file each. Takes some minutes.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import type { Knex } from 'knex';
import { migrateDatabase } from '../../src/db/migrate';
import { freePort } from '../../src/embedded/ports';
import { startPostgres } from '../../src/embedded/postgres';
import { terminate } from '../../src/embedded/processes';
import { projectRoot } from '../../src/project-root';
import { grow } from './plans/grown';
import { HOT, openHot } from './plans/hot';
import { watchPlans, type Carried } from './plans/watch';

const MEETINGS = 10_000;
const SEGMENTS_EACH = 100;
const FOLDER = path.join(projectRoot, 'docs/queries');
const WIDTH = 110;

async function main(): Promise<void> {
  const directory = mkdtempSync(path.join(tmpdir(), 'explain-'));
  const place = { directory: path.join(directory, 'postgres'), port: await freePort(0) };
  const server = await startPostgres({ ...place, durable: true });
  try {
    const database = { url: server.url, migrationUrl: server.url, caFile: null, poolMax: 10 };
    await migrateDatabase(database);
    await grow(database, { meetings: MEETINGS, segmentsEach: SEGMENTS_EACH });
    const { db, carriedOut } = watchPlans(database, { format: 'text', nested: false });
    const hot = await openHot(db, database, directory);
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(path.join(FOLDER, 'README.md'), await readme(db));
    for (const [name, ask] of Object.entries(HOT)) {
      // The first time reads from disk what later ones find in memory.
      await ask(await hot.asking(1));
      const second = await hot.asking(2);
      writeFileSync(path.join(FOLDER, `${name}.txt`), shown(await carriedOut(() => ask(second))));
    }
    await hot.close();
    await db.destroy();
  } finally {
    await terminate(server.identity, { signal: 'SIGINT' });
    rmSync(directory, { recursive: true, force: true });
  }
}

const shown = (carried: Carried[]): string =>
  carried
    .map(
      ({ statement, plan, durationMs }) =>
        `${folded(statement)}\n\n${withoutGuesses(plan)}\n${durationMs.toFixed(1)} ms\n`,
    )
    .join('\n----\n\n');

/** At blanks. */
const folded = (statement: string): string =>
  statement
    .replaceAll(/\s+/g, ' ')
    .replaceAll(new RegExp(`(.{1,${WIDTH}})( |$)`, 'g'), '$1\n')
    .trim();

/** Costs and expected rows change with every sample that `analyze` takes. */
const withoutGuesses = (plan: string): string =>
  plan
    .replaceAll(/ {2}\(cost=\S+ rows=\d+ width=\d+\)/g, '')
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '…');

async function readme(db: Knex): Promise<string> {
  const { rows } = await db.raw<{ rows: { version: string; segments: string; size: string }[] }>(
    `select split_part(version(), ' on ', 1) as version, (select count(*) from transcript_segments) as segments,
       pg_size_pretty(pg_database_size(current_database())) as size`,
  );
  const { version, segments, size } = rows[0]!;
  return `# How the hottest queries are carried out

Written by \`npm run explain\`: the code asks (\`test/bench/plans/hot.ts\`), PostgreSQL's \`auto_explain\` says what it did, as
\`EXPLAIN (ANALYZE, BUFFERS, TIMING off)\` would. Costs are left out, since they change with every \`analyze\`; rows are those
that were read. Each was asked a second time, of another meeting: most of what it reads lies in memory.

${MEETINGS} meetings, ${segments} segments, ${MEETINGS * 4} people, ${size}; ${version} with its default settings;
${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB.

"Seq Scan" is left in two places: \`erasures\`, which has a row or two here; and the meetings of a rare word's hits, 5,001 at
most, while reading 10,000 meetings once costs Postgres less than as many look-ups.

\`npx jest test/bench/plans\` asks the same in smaller tables and fails when one of them reads a whole table that grows.
\`GET /metrics\` is no part of this: it counts what there is by indexes of each state, once in ten seconds at most, and gives up
after 0.7 s.
`;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
