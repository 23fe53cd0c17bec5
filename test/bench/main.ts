/**
 * `npm run bench`: our figures as ratios against bare baselines that run beside them in the same minutes. Prints a line
 * for each, writes them to `.data/bench.json`, and ends with 1 only when something breaks. `-- <name> …` runs some,
 * `-- --profile` says as well where the time of what misses its goal went.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../src/project-root';
import { isMet, printed, type Row } from './figures';
import { hottest } from './profile';
import { listRows } from './rows/lists';
import { pipelineRows } from './rows/pipeline';
import { readRows } from './rows/read';
import { uploadRows } from './rows/upload';
import { Stand } from './stand';

const ROWS: Record<string, (stand: Stand) => Promise<Row[]>> = {
  pipeline: pipelineRows,
  read: readRows,
  upload: uploadRows,
  lists: listRows,
};

async function main(args: string[]): Promise<void> {
  const rows: Row[] = [];
  const names = args.filter((arg) => arg !== '--profile');
  for (const name of names.length > 0 ? names : Object.keys(ROWS)) {
    const measure = ROWS[name];
    if (!measure) throw new Error(`there is no ${name}; there are ${Object.keys(ROWS).join(', ')}`);
    const stand = await Stand.open();
    if (args.includes('--profile')) stand.profiles = path.join(projectRoot, '.data/profiles', name);
    try {
      for (const row of await measure(stand)) {
        rows.push(row);
        console.log(printed(row));
      }
    } finally {
      await stand.close();
    }
    if (stand.profiles && !rows.every(isMet)) console.log(hottest(stand.profiles).join('\n'));
  }
  const file = path.join(projectRoot, '.data/bench.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), rows }, null, 2)}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
