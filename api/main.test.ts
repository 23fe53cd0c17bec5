/** The api as operators run it: the built program, started and stopped by signals. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../src/embedded/ports';
import { spawnDetached, terminate, type Started } from '../src/embedded/processes';
import { projectRoot } from '../src/project-root';
import { createTestDatabase, type TestDatabase } from '../test/support/database';
import { build } from '../test/support/npm-start';
import { eventually } from '../test/support/poll';
import { testTemporal, type TestTemporal } from '../test/support/temporal';

/** Nothing listens there: port 1 is reserved. */
const NOWHERE = '127.0.0.1:1';

let database: TestDatabase;
let temporal: TestTemporal;
let dataDir: string;
let port: number;
const started: Started[] = [];

beforeAll(async () => {
  await build();
  [database, temporal, port] = await Promise.all([createTestDatabase(), testTemporal(), freePort(0)]);
  dataDir = mkdtempSync(path.join(tmpdir(), 'api-main-'));
}, 90_000);
afterAll(async () => {
  await Promise.all(started.map(({ identity }) => terminate(identity, { signal: 'SIGKILL' })));
  await temporal.close();
  await database.destroy();
  rmSync(dataDir, { recursive: true, force: true });
});

async function run(script: string, env: NodeJS.ProcessEnv = {}) {
  const logFile = path.join(dataDir, `${started.length}.log`);
  const command = {
    file: process.execPath,
    args: [path.join(projectRoot, 'dist', script)],
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: database.url,
      DATA_DIR: dataDir,
      PORT: String(port),
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: temporal.namespace,
      ...env,
    },
  };
  const program = await spawnDetached(command, logFile);
  started.push(program);
  return { ...program, log: () => readFileSync(logFile, 'utf8') };
}

const get = (route: string) => fetch(`http://127.0.0.1:${port}${route}`);
const isAlive = async () => (await get('/livez')).ok;

test('the migrate step leaves a database that local mode can work with, Temporal or not', async () => {
  const migrate = await run('src/db/migrate.js', { TEMPORAL_ADDRESS: NOWHERE });
  await expect(migrate.ended).resolves.toBe('code 0');
  expect(migrate.log()).toContain('Temporal is away');
  expect(await database.knex('users').pluck('email')).toEqual(['you@example.com']);
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  'it serves until %s and ends without a word of trouble',
  async (signal) => {
    const api = await run('api/main.js');
    await eventually(isAlive);
    expect(((await (await get('/me')).json()) as { email: string }).email).toBe('you@example.com');
    process.kill(api.identity.pid, signal);
    await expect(api.ended).resolves.toBe('code 0');
    await expect(isAlive()).rejects.toThrow();
    expect(api.log()).not.toMatch(/"level":(50|60)/);
  },
);

test('it stops as cleanly while Temporal is away, with work in hand', async () => {
  const api = await run('api/main.js', { TEMPORAL_ADDRESS: NOWHERE });
  await eventually(isAlive);
  const body = JSON.stringify({ name: 'Written in an outage' });
  const headers = { 'Content-Type': 'application/json' };
  const written = fetch(`http://127.0.0.1:${port}/tasks`, { method: 'POST', body, headers });
  await eventually(async () => (await database.knex('tasks').pluck('name')).length > 0);
  await eventually(async () =>
    expect(((await (await get('/readyz')).json()) as { status: string }).status).toBe('degraded'),
  );
  const toldAt = performance.now();
  process.kill(api.identity.pid, 'SIGTERM');
  expect((await written).status).toBe(201);
  await expect(api.ended).resolves.toBe('code 0');
  expect(performance.now() - toldAt).toBeLessThan(8_000);
  expect(api.log()).not.toMatch(/"level":(50|60)|Unhandled|shut down/);
});

test('what it can not start with is said in one line that names the variable', async () => {
  const api = await run('api/main.js', { DATABASE_URL: '' });
  await expect(api.ended).resolves.toBe('code 1');
  expect(api.log()).toContain('DATABASE_URL');
});

test('a port that is taken ends it', async () => {
  const first = await run('api/main.js');
  await eventually(isAlive);
  const second = await run('api/main.js');
  await expect(second.ended).resolves.toBe('code 1');
  expect(second.log()).toContain('EADDRINUSE');
  process.kill(first.identity.pid, 'SIGTERM');
  await expect(first.ended).resolves.toBe('code 0');
});
