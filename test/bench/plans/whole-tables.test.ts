/** What is asked most often stays as fast however much there is: no question reads a whole table that grows. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { grow } from './grown';
import { HOT, openHot, type Hot } from './hot';
import { watchPlans, type Watched } from './watch';

const MEETINGS = 3000;

let database: TestDatabase;
let watched: Watched;
let hot: Hot;
const dataDir = mkdtempSync(path.join(tmpdir(), 'plans-test-'));

beforeAll(async () => {
  database = await createTestDatabase();
  await grow(database.config, { meetings: MEETINGS, segmentsEach: 8 });
  watched = watchPlans(database.config, { format: 'json', nested: true });
  hot = await openHot(watched.db, database.config, dataDir);
}, 120_000);
afterAll(async () => {
  await hot.close();
  await watched.db.destroy();
  await database.destroy();
  rmSync(dataDir, { recursive: true });
});

interface Node {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Node[];
}

const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** Per loop, those that were thrown away included. */
const rowsRead = (node: Node): number => node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0);

async function rowsOfTables(): Promise<Map<string, number>> {
  const { rows } = await watched.db.raw<{ rows: { name: string; rows: number }[] }>(
    `select relname as name, reltuples as rows from pg_class where relkind in ('r', 'i') and reltuples >= ${MEETINGS}`,
  );
  return new Map(rows.map(({ name, rows: count }) => [name, count]));
}

/** It stops at 5,001 hits: much of these tables, little of large ones. */
const COUNTS_SOME = 'select count(*) as hits';

/** Tables are read whole by "Seq Scan"; an index that gives half of its rows is as bad. */
async function wholeTables(ask: () => Promise<unknown>): Promise<string[]> {
  const carried = await watched.carriedOut(ask);
  expect(carried).not.toEqual([]);
  const grown = await rowsOfTables();
  return carried.flatMap(({ statement, plan }) =>
    nodesOf((JSON.parse(plan) as { Plan: Node }).Plan)
      .filter((node) => {
        const size = grown.get(node['Relation Name'] ?? node['Index Name'] ?? '');
        if (statement.startsWith(COUNTS_SOME)) return false;
        if (size === undefined || !node['Node Type'].includes('Scan')) return false;
        return node['Node Type'] === 'Seq Scan' || rowsRead(node) > size / 2;
      })
      .map(
        (node) =>
          `${node['Node Type']} of ${node['Relation Name'] ?? node['Index Name']}: ${statement.slice(0, 200)}`,
      ),
  );
}

test.each(Object.entries(HOT))('%s', async (_, ask) => {
  const asking = await hot.asking(1);
  expect(await wholeTables(() => ask(asking))).toEqual([]);
});
