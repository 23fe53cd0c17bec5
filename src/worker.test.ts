/** The worker process as it is run: it is told to stop while Temporal is there, and while it is away. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './embedded/ports';
import { terminate, type Started } from './embedded/processes';
import { startTemporal } from './embedded/temporal-server';
import { projectRoot } from './project-root';
import { createTestDatabase, type TestDatabase } from '../test/support/database';
import { build } from '../test/support/npm-start';
import { eventually } from '../test/support/poll';
import { temporalCli } from '../test/support/temporal-cli';

const STOP_WITHIN_MS = 30_000;
const directory = mkdtempSync(path.join(tmpdir(), 'worker-test-'));
let database: TestDatabase;
const started: Started[] = [];
const workers: ChildProcess[] = [];

beforeAll(async () => {
  [database] = await Promise.all([createTestDatabase(), build()]);
}, 180_000);
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  for (const { identity } of started) await terminate(identity, { signal: 'SIGKILL' });
  await database.destroy();
  rmSync(directory, { recursive: true });
});

it.each([
  ['is there', false],
  ['is away', true],
])(
  'SIGTERM while Temporal %s ends it with 0 within 30 s',
  async (_, away) => {
    const temporal = await startTemporal({
      cliPath: await temporalCli(),
      port: await freePort(0),
      uiPort: null,
      databaseFile: null,
      logFile: path.join(directory, 'temporal.log'),
    });
    started.push(temporal);
    const env = {
      ...process.env,
      NODE_ENV: 'development',
      DATABASE_URL: database.url,
      DATA_DIR: directory,
      TEMPORAL_ADDRESS: temporal.address,
    };
    const worker = spawn(process.execPath, [path.join(projectRoot, 'dist/src/worker.js')], { env });
    workers.push(worker);
    const said: string[] = [];
    for (const stream of [worker.stdout, worker.stderr])
      stream.on('data', (bytes) => said.push(String(bytes)));
    const ended = once(worker, 'exit');
    await eventually(() => said.join('').includes('worker is ready'), { deadlineMs: 60_000 });
    if (away) await terminate(temporal.identity, { signal: 'SIGKILL' });
    const told = performance.now();
    worker.kill('SIGTERM');
    expect([await ended, said.slice(-5)]).toEqual([[0, null], expect.anything()]);
    expect(performance.now() - told).toBeLessThan(STOP_WITHIN_MS);
  },
  180_000,
);
