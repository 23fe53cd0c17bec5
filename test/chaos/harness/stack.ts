/** The whole product as real processes on loopback, each of which may be killed, stopped and started again. */
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import knex, { type Knex } from 'knex';
import { knexConfig } from '../../../src/db/connection';
import { migrateDatabase } from '../../../src/db/migrate';
import { seedLocalUser } from '../../../src/db/seed';
import { freePort } from '../../../src/embedded/ports';
import { postgresUrl, startPostgres } from '../../../src/embedded/postgres';
import {
  isAlive,
  spawnDetached,
  tailOf,
  waitUntil,
  type ProcessIdentity,
} from '../../../src/embedded/processes';
import { startTemporal } from '../../../src/embedded/temporal-server';
import { prepareNamespace } from '../../../src/temporal/prepare-namespace';
import { projectRoot } from '../../../src/project-root';
import { findFfmpeg } from '../../../src/tools';
import { createRunDirectory, recordProcesses, removeRunDirectory } from '../../support/run-directory';
import { temporalCli } from '../../support/temporal-cli';
import { Failpoints } from './failpoints';
import { FaultProxy } from './fault-proxy';
import { Part } from './part';
import type { Random } from './random';
import { buildOf, makeTestBuild } from './test-build';
import { Vendors } from './vendors';

const HOOK = path.join(projectRoot, 'test/chaos/harness/hook.cjs');
/** Of the last run. */
const LAST_LOGS = path.join(projectRoot, '.cache/chaos/logs');
const READY_DEADLINE_MS = 60_000;

interface Ports {
  api: number;
  postgres: number;
  temporal: number;
}

export class ChaosStack {
  readonly failpoints: Failpoints;
  readonly postgres: Part;
  readonly temporal: Part;
  readonly api: Part;
  readonly worker: Part;
  /** Started by scenarios that need two. */
  readonly secondWorker: Part;
  /** An api beside the other, with sign-in; started by scenarios that need people. */
  signedIn: Part | null = null;
  private readonly processes: ProcessIdentity[] = [];

  private constructor(
    readonly directory: string,
    /** Where the build under test lies. */
    readonly root: string,
    private readonly ports: Ports,
    readonly vendors: Vendors,
    readonly postgresProxy: FaultProxy,
    readonly temporalProxy: FaultProxy,
    readonly db: Knex,
    readonly client: Client,
    cliPath: string,
  ) {
    this.failpoints = new Failpoints(path.join(directory, 'orders'));
    const spawned = (identity: ProcessIdentity) => this.remember(identity);
    this.postgres = new Part(
      'postgres',
      (onSpawned) =>
        startPostgres({
          directory: path.join(directory, 'postgres'),
          port: ports.postgres,
          durable: true,
          onSpawned,
        }),
      spawned,
    );
    this.temporal = new Part(
      'temporal',
      (onSpawned) =>
        startTemporal({
          cliPath,
          port: ports.temporal,
          uiPort: null,
          databaseFile: path.join(directory, 'temporal.db'),
          logFile: this.logFile('temporal'),
          onSpawned,
        }),
      spawned,
    );
    this.api = new Part('api', (onSpawned) => this.launch('api', 'api/main.js', onSpawned), spawned);
    this.worker = this.workerPart('worker', spawned);
    this.secondWorker = this.workerPart('second-worker', spawned);
  }

  static async start(random: Random): Promise<ChaosStack> {
    const directory = createRunDirectory();
    const [cliPath, ffmpeg] = await Promise.all([temporalCli(), findFfmpeg()]);
    const ports = { api: await freePort(0), postgres: await freePort(0), temporal: await freePort(0) };
    const url = postgresUrl(path.join(directory, 'postgres'), ports.postgres);
    const stack = new ChaosStack(
      directory,
      buildOf(directory),
      ports,
      await Vendors.open(directory, ffmpeg, random.fork('vendors')),
      await new FaultProxy(ports.postgres).listen(),
      await new FaultProxy(ports.temporal).listen(),
      knex(knexConfig({ url, migrationUrl: url, caFile: null, poolMax: 4 })),
      new Client({ connection: Connection.lazy({ address: `127.0.0.1:${ports.temporal}` }) }),
      cliPath,
    );
    try {
      await stack.begin(url);
    } catch (error) {
      await stack.stop();
      throw error;
    }
    return stack;
  }

  get apiUrl(): string {
    return `http://127.0.0.1:${this.ports.api}`;
  }

  get mediaDirectory(): string {
    return path.join(this.directory, 'data/media');
  }

  /** Its address. */
  async startSignedIn(env: Record<string, string>): Promise<string> {
    const port = await freePort(0);
    const settings = { ...env, PORT: String(port) };
    this.signedIn = new Part(
      'signed-in-api',
      (onSpawned) => this.launch('signed-in-api', 'api/main.js', onSpawned, settings),
      (identity) => this.remember(identity),
    );
    await this.signedIn.start();
    return `http://127.0.0.1:${port}`;
  }

  logFile(name: string): string {
    return path.join(this.directory, `${name}.log`);
  }

  /** Everything runs and nothing is broken on purpose any more, also after a scenario that broke off. */
  async heal(): Promise<void> {
    this.failpoints.withdrawAll();
    if (this.worker.isUp) this.worker.signal('SIGCONT');
    if (this.secondWorker.isUp) await this.secondWorker.keepDown();
    for (const mended of [this.postgresProxy, this.temporalProxy]) mended.heal();
    this.vendors.behave();
    await Promise.all([this.postgres.start(), this.temporal.start()]);
    await Promise.all([this.worker.start(), this.api.start()]);
  }

  /** What ended although nobody had ordered it. */
  surprises(): string[] {
    return this.parts().flatMap(({ surprises }) => surprises.splice(0));
  }

  async stop(): Promise<void> {
    for (const part of this.parts()) await part.stop();
    await Promise.allSettled([this.db.destroy(), this.client.connection.close(), this.vendors.close()]);
    await Promise.allSettled([this.postgresProxy.close(), this.temporalProxy.close()]);
    this.keepLogs();
    await removeRunDirectory(this.root, []);
    await removeRunDirectory(this.directory, []);
  }

  /** The logs outlive the stack, for whoever looks into a violation. */
  private keepLogs(): void {
    rmSync(LAST_LOGS, { recursive: true, force: true });
    mkdirSync(LAST_LOGS, { recursive: true });
    const logs = readdirSync(this.directory).filter((name) => name.endsWith('.log'));
    for (const name of logs) cpSync(path.join(this.directory, name), path.join(LAST_LOGS, name));
  }

  private parts(): Part[] {
    const extra = this.signedIn ? [this.signedIn] : [];
    return [...extra, this.api, this.worker, this.secondWorker, this.temporal, this.postgres];
  }

  private async begin(url: string): Promise<void> {
    mkdirSync(path.join(this.directory, 'data'));
    await Promise.all([
      makeTestBuild(this.root),
      this.temporal.start().then(() => prepareNamespace(this.client)),
      this.postgres
        .start()
        .then(() => migrateDatabase({ url, migrationUrl: url, caFile: null, poolMax: 2 }))
        .then(() => seedLocalUser(this.db)),
    ]);
    await Promise.all([this.worker.start(), this.api.start()]);
  }

  private workerPart(name: string, spawned: (identity: ProcessIdentity) => void): Part {
    return new Part(name, (onSpawned) => this.launch(name, 'src/worker.js', onSpawned), spawned);
  }

  /** Resolves when the program says that it is ready. */
  private async launch(
    name: string,
    script: string,
    onSpawned: (identity: ProcessIdentity) => void,
    settings: Record<string, string> = {},
  ) {
    const log = this.logFile(name);
    const args = [path.join(this.root, 'dist', script)];
    const started = await spawnDetached(
      { file: process.execPath, args, env: { ...this.environment(), ...settings } },
      log,
      onSpawned,
    );
    const ready = `"pid":${started.identity.pid}`;
    const isReady = () =>
      tailOf(log, 200)
        .split('\n')
        .some((line) => line.includes(ready) && / is ready/.test(line));
    await waitUntil(() => !isAlive(started.identity) || isReady(), READY_DEADLINE_MS);
    if (!isReady()) throw new Error(`${name} is not ready; the end of its log:\n${tailOf(log)}`);
    return started;
  }

  /** Nothing of the caller's settings: their keys are not for us. */
  private environment(): NodeJS.ProcessEnv {
    const { PATH, HOME, TMPDIR } = process.env;
    const url = new URL(postgresUrl(path.join(this.directory, 'postgres'), this.postgresProxy.port));
    return {
      ...{ PATH, HOME, ...(TMPDIR && { TMPDIR }) },
      ...this.vendors.env,
      NODE_ENV: 'development',
      NODE_OPTIONS: `--require ${HOOK}`,
      CHAOS_ORDERS: this.failpoints.directory,
      LOG_LEVEL: 'info',
      HOST: '127.0.0.1',
      PORT: String(this.ports.api),
      DATA_DIR: path.join(this.directory, 'data'),
      DATABASE_URL: url.href,
      TEMPORAL_ADDRESS: `127.0.0.1:${this.temporalProxy.port}`,
      REEXTRACTION_WINDOW: '30s',
    };
  }

  private remember(identity: ProcessIdentity): void {
    this.processes.push(identity);
    recordProcesses(this.directory, this.processes.filter(isAlive));
  }
}
