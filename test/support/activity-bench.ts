/** Runs activities as a worker does, heartbeats and typed failures included, on a real database and local providers. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createActivities, type Activities } from '../../activities';
import type { ActivityDeps } from '../../activities/deps';
import type { Failed } from '../../activities/typed-failure';
import { loadConfig } from '../../src/config';
import { seedLocalUser } from '../../src/db/seed';
import { createLogger } from '../../src/log';
import type { Providers } from '../../src/ports';
import { createProviders } from '../../src/providers';
import { runtimeLog } from '../../src/temporal/runtime-log';
import { findFfmpeg } from '../../src/tools';
import { createTestDatabase, type TestDatabase } from './database';
import { finishedFiles } from './finished-files';
import { eventually } from './poll';

type Verb = keyof Activities;

export interface RunOptions {
  attempt?: number;
  /** How long the server waits for this attempt; by itself the mock has a minute. */
  startToCloseTimeoutMs?: number;
  /** Of a try before this activity, which its first attempt stands for. */
  failed?: Failed;
  /** A worker that is configured otherwise. */
  deps?: Partial<ActivityDeps>;
  /** Cancels the activity when it says for the first time where it is: after a second. */
  cancelled?: boolean;
}

export class ActivityBench {
  /** What the last activity told the server while it ran. */
  heartbeats: unknown[] = [];

  private constructor(
    private readonly database: TestDatabase,
    private readonly dataDir: string,
    readonly deps: ActivityDeps,
  ) {}

  static async open(change: Partial<Providers> & { temporal?: Client } = {}): Promise<ActivityBench> {
    const { temporal, ...replaced } = change;
    const database = await createTestDatabase();
    await seedLocalUser(database.knex);
    const dataDir = mkdtempSync(path.join(tmpdir(), 'activities-test-'));
    for (const folder of ['outbox', 'calendars', 'scratch']) mkdirSync(path.join(dataDir, folder));
    const config = loadConfig({ NODE_ENV: 'test', DATABASE_URL: database.url, DATA_DIR: dataDir });
    return new ActivityBench(database, dataDir, {
      db: database.knex,
      providers: { ...createProviders(config, database.knex), diarizer: null, ...replaced },
      temporal: temporal as Client,
      log: createLogger('activity-test', 'silent'),
      ffmpeg: await findFfmpeg(),
      scratchDir: path.join(dataDir, 'scratch'),
      maxMediaSeconds: 3600,
      reextractionWindowMs: 1000,
    });
  }

  get db() {
    return this.database.knex;
  }

  /** Rejects as the server would see it: with a typed failure. */
  async run<V extends Verb>(
    verb: V,
    input: Parameters<Activities[V]>[0],
    { attempt = 1, failed, deps = {}, cancelled = false, startToCloseTimeoutMs = 60_000 }: RunOptions = {},
  ): Promise<Awaited<ReturnType<Activities[V]>>> {
    const environment = new MockActivityEnvironment(
      { attempt, startToCloseTimeoutMs },
      { logger: runtimeLog(this.deps.log) },
    );
    this.heartbeats = [];
    environment.on('heartbeat', (details: unknown) => {
      this.heartbeats.push(details);
      if (cancelled) environment.cancel('CANCELLED');
    });
    const activity = createActivities({ ...this.deps, ...deps })[verb] as (
      ...input: unknown[]
    ) => Promise<any>;
    return environment.run<unknown[], any, typeof activity>(activity, input, failed);
  }

  /** For stand-ins of providers that take until the activity has told the server where it is. */
  async untilHeartbeat(): Promise<void> {
    await eventually(() => this.heartbeats.length > 0);
  }

  /** The mails that were sent, as RFC 822 text. */
  outbox(): string[] {
    return Object.values(finishedFiles(path.join(this.dataDir, 'outbox')));
  }

  /** Everybody's calendars, as iCalendar text. */
  calendar(userId: string): string {
    return finishedFiles(path.join(this.dataDir, 'calendars'))[`${userId}.ics`] ?? '';
  }

  /** What attempts have left on the worker's disk. */
  leftovers(): string[] {
    return readdirSync(this.deps.scratchDir);
  }

  async close(): Promise<void> {
    await this.database.destroy();
    rmSync(this.dataDir, { recursive: true });
  }
}
