/**
 * `npm run bench`: our figures as ratios against bare baselines that run beside them in the same minutes. Prints a line
 * for each, writes them to `.data/bench.json`, and ends with 1 only when something breaks. `-- <name> …` runs some.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../src/project-root';
import { printed, type Row } from './figures';
import { pipelineRows } from './rows/pipeline';
import { readRows } from './rows/read';
import { Stand } from './stand';

const ROWS: Record<string, (stand: Stand) => Promise<Row[]>> = {
  pipeline: pipelineRows,
  read: readRows,
};

async function main(names: string[]): Promise<void> {
  const rows: Row[] = [];
  for (const name of names.length > 0 ? names : Object.keys(ROWS)) {
    const measure = ROWS[name];
    if (!measure) throw new Error(`there is no ${name}; there are ${Object.keys(ROWS).join(', ')}`);
    const stand = await Stand.open();
    try {
      for (const row of await measure(stand)) {
        rows.push(row);
        console.log(printed(row));
      }
    } finally {
      await stand.close();
    }
  }
  const file = path.join(projectRoot, '.data/bench.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), rows }, null, 2)}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
