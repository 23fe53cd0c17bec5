/**
 * `npm run costs`: what one meeting costs in rows, bytes, log, history and CPU seconds, by its length; prints tables for
 * `docs/SCALING.md`. Providers answer at once: what they cost is theirs. CPU seconds hardly depend on what else runs.
 */
import { pipelineId, taskSyncId } from '../../workflows/messages';
import { cpuSeconds, findProcess, postmaster, threads } from './cpu';
import { short } from './figures';
import { allReady, settled, transcriptOf, uploadMany } from './meetings';
import { Stand } from './stand';

/** Words -> meetings at once, so that each takes about as long. */
const BURSTS: [words: number, meetings: number][] = [
  [2_500, 60],
  [6_600, 30],
  [23_674, 15],
];
/** Until everything that is compiled as it runs is compiled. */
const WARM_UP = 30;
const DEADLINE_MS = 600_000;

type Figures = Record<string, number>;

async function main(): Promise<void> {
  const stand = await Stand.open();
  try {
    const api = await stand.startApi();
    const worker = await stand.start('worker');
    const cpu = {
      api: () => cpuSeconds(api.child.pid!),
      worker: () => cpuSeconds(worker.pid!),
      temporal: () => cpuSeconds(findProcess(`${stand.directory}/temporal.db`)),
      postgres: () => cpuSeconds(postmaster(stand.directory)),
    };
    const look = async (): Promise<Figures> => ({
      ...Object.fromEntries(Object.entries(cpu).map(([name, read]) => [`CPU s, ${name}`, read()])),
      ...(await inPostgres(stand)),
    });
    await burst(stand, api.url, 2_500, WARM_UP);
    const columns: Record<string, Figures> = {};
    for (const [words, meetings] of BURSTS) {
      await stand.db.raw('checkpoint');
      const before = await look();
      const ids = await burst(stand, api.url, words, meetings);
      const after = await look();
      const perMeeting: Figures = {};
      for (const name of Object.keys(after)) perMeeting[name] = (after[name]! - before[name]!) / meetings;
      columns[`${words} words`] = { ...perMeeting, ...(await inTemporal(stand, ids[0]!)) };
    }
    print(columns);
    const connections = await count(stand, `pg_stat_activity where application_name = 'meeting-pipeline'`);
    console.log(`\nconnections to Postgres of api, worker and this script: ${connections}`);
    console.log(`threads: api ${threads(api.child.pid!)}, worker ${threads(worker.pid!)}`);
  } finally {
    await stand.close();
  }
}

/** Resolves when nothing is left to do for any of them, their tasks included. */
async function burst(stand: Stand, url: string, words: number, meetings: number): Promise<string[]> {
  const transcript = transcriptOf(words);
  const ids = await uploadMany(url, transcript, meetings);
  await allReady(stand, ids, DEADLINE_MS);
  await settled(stand);
  return ids;
}

async function count({ db }: Stand, from: string): Promise<number> {
  const { rows } = await db.raw<{ rows: [{ count: string }] }>(`select count(*) from ${from}`);
  return Number(rows[0].count);
}

/** Indexes and what lies outside of the rows included. */
async function inPostgres(stand: Stand): Promise<Figures> {
  const tables = (await stand.db('pg_tables').where({ schemaname: 'public' }).pluck('tablename')) as string[];
  const rows = await Promise.all(tables.map((table) => count(stand, table)));
  const sizes = await stand.db.raw<{ rows: [{ bytes: string; wal: string }] }>(
    `select sum(pg_total_relation_size(c.oid)) as bytes, pg_current_wal_lsn() - '0/0' as wal
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where relkind = 'r' and nspname = 'public'`,
  );
  return {
    rows: rows.reduce((sum, some) => sum + some, 0),
    'kB of tables and indexes': Number(sizes.rows[0].bytes) / 1000,
    'kB of WAL': Number(sizes.rows[0].wal) / 1000,
  };
}

async function inTemporal(stand: Stand, meetingId: string): Promise<Figures> {
  const taskIds = (await stand.db('tasks').where({ meeting_id: meetingId }).pluck('id')) as string[];
  const ofMeeting = await historyOf(stand, pipelineId(meetingId));
  const ofTask = await historyOf(stand, taskSyncId(taskIds[0]!));
  return {
    tasks: taskIds.length,
    'activities, meeting': ofMeeting.activities,
    'events, meeting': ofMeeting.events,
    'kB of history, meeting': ofMeeting.bytes / 1000,
    'activities, task': ofTask.activities,
    'events, task': ofTask.events,
    'kB of history, task': ofTask.bytes / 1000,
  };
}

async function historyOf({ temporal }: Stand, workflowId: string) {
  const handle = temporal.workflow.getHandle(workflowId);
  const { events } = await handle.fetchHistory();
  const { historyLength, historySize = 0 } = await handle.describe();
  const activities = events?.filter((event) => event.activityTaskScheduledEventAttributes).length ?? 0;
  return { activities, events: historyLength, bytes: historySize };
}

function print(columns: Record<string, Figures>): void {
  const names = Object.keys(Object.values(columns)[0]!);
  const line = (cells: string[]) => console.log(`| ${cells.join(' | ')} |`);
  line(['per meeting', ...Object.keys(columns)]);
  line(['---', ...Object.keys(columns).map(() => '---:')]);
  for (const name of names) line([name, ...Object.values(columns).map((figures) => short(figures[name]!))]);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
