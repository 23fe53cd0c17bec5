import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Children } from '../../test/support/children';
import { reapLeftovers } from './leftovers';
import { isAlive, type ProcessIdentity } from './processes';
import { readStack, writeStack, type ServiceName } from './stack-file';

describe('what a killed predecessor left', () => {
  let children: Children;
  beforeEach(() => {
    children = new Children();
  });
  afterEach(() => children.end());

  function record(processes: Partial<Record<ServiceName, ProcessIdentity>>): void {
    const none = { api: null, worker: null, temporal: null, postgres: null };
    const entries = Object.entries(processes);
    writeStack(children.directory, {
      apiUrl: 'http://127.0.0.1:3000',
      webUiUrl: null,
      temporalAddress: '127.0.0.1:7233',
      databaseUrl: 'postgres://127.0.0.1/postgres',
      pids: { ...none, ...Object.fromEntries(entries.map(([name, { pid }]) => [name, pid])) },
      startTimes: { ...none, ...Object.fromEntries(entries.map(([name, it]) => [name, it.startedAt])) },
    });
  }

  it('is ended, and named', async () => {
    const [api, worker] = [await children.start('patient'), await children.start('deaf')];
    record({ api: api.identity, worker: worker.identity });
    await expect(reapLeftovers(children.directory)).resolves.toEqual(['api', 'worker']);
    expect([api, worker].map(({ identity }) => isAlive(identity))).toEqual([false, false]);
  });

  it('is not confused with a stranger who has its pid now', async () => {
    const { identity } = await children.start('patient');
    record({ temporal: { ...identity, startedAt: 'long ago' } });
    await expect(reapLeftovers(children.directory)).resolves.toEqual([]);
    expect(isAlive(identity)).toBe(true);
  });

  it('is nothing after a clean stop', async () => {
    expect(readStack(children.directory)).toBeNull();
    await expect(reapLeftovers(children.directory)).resolves.toEqual([]);
  });
});

it('stops nobody who has got the pid of a dead PostgreSQL', async () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'leftovers-pid-'));
  const directory = path.join(dataDir, 'postgres', 'data');
  mkdirSync(directory, { recursive: true });
  const stranger = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
  await once(stranger, 'spawn');
  try {
    writeFileSync(path.join(directory, 'postmaster.pid'), `${stranger.pid}\n${directory}\n1700000000\n`);
    expect(await reapLeftovers(dataDir)).toEqual([]);
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  } finally {
    stranger.kill('SIGKILL');
    rmSync(dataDir, { recursive: true });
  }
});
