/** How soon the processes are there: api, worker, and everything with `npm start` on a `DATA_DIR` that has been used. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { terminate } from '../../../src/embedded/processes';
import { build, Installation } from '../../support/npm-start';
import { median, short, spread, timed, type Row } from '../figures';
import { stop, type Stand } from '../stand';

const ROUNDS = 3;

const nothing = async () => {
  const [code] = (await once(spawn(process.execPath, ['-e', '0']), 'exit')) as [number];
  if (code !== 0) throw new Error('node does not run');
};

/** Until it answers. */
async function apiStart(stand: Stand): Promise<number> {
  const startedAt = performance.now();
  const { child } = await stand.startApi();
  const tookMs = performance.now() - startedAt;
  await stop(child);
  return tookMs;
}

/** Until it polls its queues. */
async function workerStart(stand: Stand): Promise<number> {
  const before = statSync(stand.log, { throwIfNoEntry: false })?.size ?? 0;
  const startedAt = performance.now();
  const child = stand.spawn('src/worker.js', { LOG_LEVEL: 'info' });
  while (!readFileSync(stand.log).subarray(before).includes('worker is ready')) {
    if (child.exitCode !== null) throw new Error('the worker ended');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const tookMs = performance.now() - startedAt;
  await stop(child);
  return tookMs;
}

async function coldStarts(
  name: string,
  start: (stand: Stand) => Promise<number>,
  stand: Stand,
): Promise<Row> {
  const [ours, node]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    node.push(await timed(nothing));
    ours.push(await start(stand));
  }
  return {
    name,
    value: median(ours) / 1000,
    unit: 's',
    goal: { atMost: 2 },
    detail: `${spread(ours, 'ms')}; \`node -e 0\` ${spread(node, 'ms')}`,
  };
}

/** `npm start` builds what has changed (here: nothing), then runs the program that is started here. */
async function warmNpmStart(): Promise<Row> {
  const installation = new Installation();
  try {
    const first = await installation.start();
    await terminate(first.identity, { graceMs: 40_000 });
    const buildMs = await timed(build);
    const startMs = await timed(() => installation.start());
    return {
      name: 'NPM_START_WARM',
      value: (buildMs + startMs) / 1000,
      unit: 's',
      goal: { atMost: 15 },
      detail: `${short(buildMs / 1000)} s build with nothing to build, ${short(startMs / 1000)} s until uploads are taken`,
    };
  } finally {
    await installation.remove();
  }
}

export async function startRows(stand: Stand): Promise<Row[]> {
  return [
    await coldStarts('API_COLD_START', apiStart, stand),
    await coldStarts('WORKER_COLD_START', workerStart, stand),
    await warmNpmStart(),
  ];
}
