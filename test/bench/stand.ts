/** What the bench runs on: PostgreSQL and Temporal as `npm start` runs them, api and workers as processes of their own. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { Knex } from 'knex';
import { openDatabase } from '../../src/db/connection';
import { migrateDatabase } from '../../src/db/migrate';
import { seedLocalUser } from '../../src/db/seed';
import { freePort } from '../../src/embedded/ports';
import { startPostgres } from '../../src/embedded/postgres';
import { terminate, type ProcessIdentity } from '../../src/embedded/processes';
import { startTemporal } from '../../src/embedded/temporal-server';
import { findTemporalCli } from '../../src/tools';

/** Answer of a child to `usage`: since the last time it was asked. */
export interface Usage {
  rssMb: number;
  /** Of the event loop, 99th percentile. */
  delayP99Ms: number;
}

export class Stand {
  private readonly children: ChildProcess[] = [];

  private constructor(
    readonly directory: string,
    readonly databaseUrl: string,
    readonly temporalAddress: string,
    readonly db: Knex,
    readonly temporal: Client,
    private readonly servers: ProcessIdentity[],
  ) {}

  static async open(): Promise<Stand> {
    const directory = mkdtempSync(path.join(tmpdir(), 'bench-'));
    const servers: ProcessIdentity[] = [];
    const onSpawned = (identity: ProcessIdentity) => void servers.push(identity);
    const [postgres, temporal] = await Promise.all([
      freePort(0).then((port) =>
        startPostgres({ directory: path.join(directory, 'postgres'), port, durable: true, onSpawned }),
      ),
      freePort(0).then(async (port) =>
        startTemporal({
          cliPath: await findTemporalCli({ log: console.error }),
          port,
          uiPort: null,
          databaseFile: path.join(directory, 'temporal.db'),
          logFile: path.join(directory, 'temporal.log'),
          onSpawned,
        }),
      ),
    ]);
    const config = { url: postgres.url, migrationUrl: postgres.url, caFile: null, poolMax: 10 };
    await migrateDatabase(config);
    const db = openDatabase(config);
    await seedLocalUser(db);
    const connection = await Connection.connect({ address: temporal.address });
    return new Stand(directory, postgres.url, temporal.address, db, new Client({ connection }), servers);
  }

  /** What the children say. */
  get log(): string {
    return path.join(this.directory, 'children.log');
  }

  /** The product's api. Returns its address. */
  async startApi(): Promise<{ url: string; child: ChildProcess }> {
    const port = await freePort(0);
    const child = this.spawn('api/main.js', { PORT: String(port), LOG_LEVEL: 'error' });
    const url = `http://127.0.0.1:${port}`;
    await answers(`${url}/livez`);
    return { url, child };
  }

  /** One of the programs in `children/`, when it says that it is ready. */
  async start(script: string, env: NodeJS.ProcessEnv = {}): Promise<ChildProcess> {
    const child = this.spawn(`test/bench/children/${script}.js`, env);
    await Promise.race([once(child, 'message'), ended(child, script)]);
    return child;
  }

  /** Forked with a watch on memory and event loop in it. */
  spawn(script: string, env: NodeJS.ProcessEnv = {}): ChildProcess {
    const built = path.join(__dirname, '../..');
    const dataDir = path.join(this.directory, 'data');
    mkdirSync(dataDir, { recursive: true });
    const log = openSync(this.log, 'a');
    const child = fork(path.join(built, script), {
      execArgv: ['--require', path.join(__dirname, 'children/watch.js'), ...this.profiling()],
      stdio: ['ignore', log, log, 'ipc'],
      env: {
        ...process.env,
        NODE_ENV: 'development',
        DATA_DIR: dataDir,
        DATABASE_URL: this.databaseUrl,
        TEMPORAL_ADDRESS: this.temporalAddress,
        ...env,
      },
    });
    closeSync(log);
    this.children.push(child);
    return child;
  }

  /** Where children leave their profiles; null = they are not profiled. */
  profiles: string | null = null;

  private profiling(): string[] {
    return this.profiles === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${this.profiles}`];
  }

  /** Ends every child; servers and data stay for the next rows. */
  async clear(): Promise<void> {
    await Promise.all(this.children.splice(0).map(stop));
  }

  async close(): Promise<void> {
    await this.clear();
    await Promise.allSettled([this.db.destroy(), this.temporal.connection.close()]);
    for (const server of this.servers) await terminate(server, { signal: 'SIGINT' });
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Memory and event-loop delay of a child since it was asked last. */
export async function usageOf(child: ChildProcess): Promise<Usage> {
  child.send('usage');
  const [usage] = (await once(child, 'message')) as [Usage];
  return usage;
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await exit;
  clearTimeout(force);
}

async function ended(child: ChildProcess, name: string): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null];
  throw new Error(`${name} ended with ${code}`);
}

export async function answers(url: string, deadlineMs = 20_000): Promise<void> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const status = await fetch(url).then(
      ({ status }) => status,
      () => 0,
    );
    if (status === 200) return;
    if (performance.now() > end) throw new Error(`no answer from ${url}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
