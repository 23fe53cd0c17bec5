/** A real worker on a real Temporal and a real database, with the local providers; for tests of the workflows. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { WorkerDeploymentVersion } from '@temporalio/common';
import { NativeConnection, Runtime } from '@temporalio/worker';
import { createActivities } from '../../activities';
import type { JanitorLimits } from '../../activities/janitor';
import { loadConfig } from '../../src/config';
import { seedLocalUser } from '../../src/db/seed';
import { createLogger, type Logger } from '../../src/log';
import type { Providers } from '../../src/ports';
import { createProviders } from '../../src/providers';
import { runtimeLog } from '../../src/temporal/runtime-log';
import { createWorkers } from '../../src/temporal/workers';
import { findFfmpeg } from '../../src/tools';
import { QUEUES } from '../../workflows/messages';
import { createTestDatabase, type TestDatabase } from './database';
import { finishedFiles } from './finished-files';
import { testTemporal, workflowBundle, type TestTemporal } from './temporal';

export interface TestPipeline {
  /** Recordings, scratch, outbox, calendars. */
  dataDir: string;
  database: TestDatabase;
  temporal: TestTemporal;
  providers: Providers;
  /** The mails that were sent, as RFC 822 text. */
  outbox(): string[];
  /** Everybody's calendars, by user id. */
  calendars(): Record<string, string>;
  close(): Promise<void>;
}

export interface PipelineChange extends Partial<Providers> {
  /** 0 closes a run when its work is done. */
  reextractionWindowMs?: number;
  /** From when on the janitor takes something for left behind. */
  janitor?: Partial<JanitorLimits>;
  /** Makes the workers versioned. */
  version?: WorkerDeploymentVersion;
  /** Configuration that chooses providers. */
  env?: NodeJS.ProcessEnv;
  /** Another server than that of the run; opened after the Runtime is installed. */
  openTemporal?: () => Promise<TestTemporal>;
  /** Absent = nothing is logged. */
  log?: Logger;
}

/** Starts workers for all queues, with the local providers unless `change` says otherwise. */
export async function startTestPipeline(change: PipelineChange = {}): Promise<TestPipeline> {
  const {
    reextractionWindowMs = 60_000,
    janitor = {},
    env,
    version,
    openTemporal = testTemporal,
    log = createLogger('pipeline-test', 'silent'),
    ...replaced
  } = change;
  Runtime.install({ logger: runtimeLog(log), shutdownSignals: [] });
  const [database, temporal] = await Promise.all([createTestDatabase(), openTemporal()]);
  await seedLocalUser(database.knex);
  const dataDir = mkdtempSync(path.join(tmpdir(), 'pipeline-test-'));
  for (const folder of ['outbox', 'calendars', 'scratch']) mkdirSync(path.join(dataDir, folder));
  const config = loadConfig({ NODE_ENV: 'test', DATABASE_URL: database.url, DATA_DIR: dataDir, ...env });
  const providers = { ...createProviders(config, database.knex), ...replaced };
  const connection = await NativeConnection.connect({ address: temporal.address });
  const workers = await createWorkers(QUEUES, {
    connection,
    namespace: temporal.namespace,
    workflowBundle: workflowBundle(),
    activities: createActivities({
      db: database.knex,
      providers,
      temporal: temporal.client,
      log,
      ffmpeg: await findFfmpeg(),
      scratchDir: path.join(dataDir, 'scratch'),
      maxMediaSeconds: 3600,
      reextractionWindowMs,
      janitor,
    }),
    speechConcurrency: 1,
    shutdownGraceMs: 0,
    ...(version && { version }),
  });
  const runs = workers.map((worker) => worker.run());
  return {
    dataDir,
    database,
    temporal,
    providers,
    outbox: () => Object.values(finishedFiles(path.join(dataDir, 'outbox'))),
    calendars: () =>
      Object.fromEntries(
        Object.entries(finishedFiles(path.join(dataDir, 'calendars'))).map(([name, text]) => [
          path.parse(name).name,
          text,
        ]),
      ),
    async close() {
      for (const worker of workers) worker.shutdown();
      await Promise.all(runs);
      await connection.close();
      await temporal.close();
      await database.destroy();
      rmSync(dataDir, { recursive: true });
    },
  };
}
