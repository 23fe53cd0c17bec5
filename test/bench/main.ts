/**
 * `npm run bench`: our figures as ratios against bare baselines that run beside them in the same minutes. Prints a line
 * for each, writes them to `.data/bench.json`, and ends with 1 only when something breaks. `-- <name> …` runs some,
 * `-- --profile` says as well where the time of what misses its goal went.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../src/project-root';
import { isMet, printed, short, type Row } from './figures';
import { hottest } from './profile';
import { durabilityRows } from './rows/durability';
import { lengthRows } from './rows/lengths';
import { listRows } from './rows/lists';
import { pipelineRows } from './rows/pipeline';
import { readRows } from './rows/read';
import { scalingRows } from './rows/scaling';
import { startRows } from './rows/start';
import { uploadRows } from './rows/upload';
import { Stand } from './stand';

/** In this order, on one stand: what comes last fills the database and changes what all others would find. */
const ROWS: Record<string, (stand: Stand) => Promise<Row[]>> = {
  start: startRows,
  pipeline: pipelineRows,
  durability: durabilityRows,
  lengths: lengthRows,
  scaling: scalingRows,
  read: readRows,
  upload: uploadRows,
  lists: listRows,
};

function chosen(names: string[]): [string, (typeof ROWS)[string]][] {
  const unknown = names.find((name) => !(name in ROWS));
  if (unknown) throw new Error(`there is no ${unknown}; there are ${Object.keys(ROWS).join(', ')}`);
  return Object.entries(ROWS).filter(([name]) => names.length === 0 || names.includes(name));
}

async function main(args: string[]): Promise<void> {
  const machine = { cores: availableParallelism(), node: process.version, loadBefore: loadavg()[0]! };
  console.log(`${machine.cores} cores, load average ${short(machine.loadBefore)}`);
  const startedAt = performance.now();
  const rows: Row[] = [];
  const took: Record<string, number> = {};
  const stand = await Stand.open();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stand.close().finally(() => process.exit(1)));
  }
  try {
    for (const [name, rowsOf] of chosen(args.filter((arg) => arg !== '--profile'))) {
      if (args.includes('--profile')) stand.profiles = path.join(projectRoot, '.data/profiles', name);
      const begunAt = performance.now();
      const measured = await rowsOf(stand);
      await stand.clear();
      took[name] = Math.round((performance.now() - begunAt) / 1000);
      measured.forEach((row) => console.log(printed(row)));
      if (stand.profiles && !measured.every(isMet)) console.log(hottest(stand.profiles).join('\n'));
      rows.push(...measured);
    }
  } finally {
    await stand.close();
  }
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const each = Object.entries(took).map(([name, some]) => `${name} ${some}`);
  console.log(`${seconds} s: ${each.join(', ')}`);
  write({ at: new Date().toISOString(), machine, seconds, took, rows });
}

function write(report: object): void {
  const file = path.join(projectRoot, '.data/bench.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
