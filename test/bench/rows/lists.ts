/** Lists and search in ten thousand meetings, against the same in a hundred. */
import { LOCAL_USER } from '../../../src/db/seed';
import { quantile, short, type Row } from '../figures';
import { fill } from '../fill';
import { load } from '../load';
import type { Stand } from '../stand';

const FEW = 100;
const MANY = 10_000;
const LOAD = { clients: 2, forMs: 2_000 };
const WARM_UP = { ...LOAD, forMs: 500 };

const LISTS = {
  // Pages of the same length at both sizes: a hundred meetings have two that failed.
  LIST_MEETINGS: ['/meetings', '/meetings?status=failed&limit=2', '/meetings?q=word1&limit=2'],
  LIST_TASKS: [`/tasks/${LOCAL_USER.id}`, `/tasks/${LOCAL_USER.id}?status=open&limit=100`],
  // Said in every other segment, in some, in hardly any; two words together; nowhere.
  SEARCH: ['word1', 'word20', 'word1900', 'word30 word40', 'nowhere'].map(
    (q) => `/search?q=${encodeURIComponent(q)}`,
  ),
};

async function p95s(url: string, during = LOAD): Promise<number[]> {
  const measured: number[] = [];
  for (const paths of Object.values(LISTS)) {
    const { latenciesMs } = await load(
      paths.map((path) => url + path),
      during,
    );
    measured.push(quantile(latenciesMs, 0.95));
  }
  return measured;
}

export async function listRows(stand: Stand): Promise<Row[]> {
  const api = await stand.startApi();
  await stand.db.raw('truncate meetings cascade');
  await fill(stand.databaseUrl, 1, FEW);
  await p95s(api.url, WARM_UP);
  const few = await p95s(api.url);
  await fill(stand.databaseUrl, FEW + 1, MANY);
  await p95s(api.url, WARM_UP);
  const many = await p95s(api.url);
  return Object.keys(LISTS).map((name, n) => ({
    name: `${name}_P95`,
    value: many[n]! / few[n]!,
    unit: '×',
    goal: { atMost: 2 },
    detail: `p95 ${short(many[n]!)} ms at ${MANY} meetings and a million segments, ${short(few[n]!)} ms at ${FEW}`,
    because: 'indexes are deeper, and of what is found the newest has to be picked',
  }));
}
