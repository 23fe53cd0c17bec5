/** Entry point of the worker process: runs workflows and activities of the queues in `WORKER_QUEUES`. */
import path from 'node:path';
import { NativeConnection, Runtime, type Worker } from '@temporalio/worker';
import { createActivities } from '../activities';
import { loadConfig, loadEnvFile, type Config } from './config';
import { openDatabase } from './db/connection';
import { createLogger, type Logger } from './log';
import { projectRoot } from './project-root';
import { createProviders } from './providers';
import { openScratch } from './scratch';
import { connectTemporal, temporalConnectOptions } from './temporal/client';
import { runtimeLog } from './temporal/runtime-log';
import { createWorkers } from './temporal/workers';
import { locateFfmpeg } from './tools';

/** An attempt that is cut off is done again; this long it may finish first. */
const SHUTDOWN_GRACE_MS = 20_000;

async function main(config: Config, log: Logger): Promise<void> {
  Runtime.install({
    logger: runtimeLog(log),
    telemetryOptions: { logging: { forward: {}, filter: { core: 'WARN', other: 'WARN' } } },
  });
  const db = openDatabase(config.database);
  const temporal = connectTemporal(config.temporal);
  const { connection: address, namespace } = temporalConnectOptions(config.temporal);
  const connection = await NativeConnection.connect(address);
  const providers = createProviders(config, db);
  const activities = createActivities({
    db,
    providers,
    temporal,
    log,
    ffmpeg: await locateFfmpeg(config),
    scratchDir: await openScratch(config.server.dataDir),
    maxMediaSeconds: config.server.maxMediaSeconds,
    reextractionWindowMs: config.server.reextractionWindowMs,
    maxCostPerMeeting: config.server.maxCostPerMeeting,
  });
  const queues = config.server.workerQueues;
  const workers = await createWorkers(queues, {
    connection,
    namespace,
    workflowBundle: { codePath: path.join(projectRoot, 'dist/workflow-bundle.js') },
    activities,
    speechConcurrency: providers.speech.limits.concurrency,
    shutdownGraceMs: SHUTDOWN_GRACE_MS,
    version: config.server.workerVersion,
  });
  log.info({ queues }, 'worker is ready');
  try {
    await runTogether(workers);
  } finally {
    // Not the client's connection: a call that it still repeats, in an outage, would throw from a timer when its channel
    // is closed. It ends with the process.
    await Promise.allSettled([connection.close(), db.destroy()]);
  }
}

/** Runs until a signal stops all of them. When one breaks, the others finish what they do and the process ends. */
async function runTogether(workers: Worker[]): Promise<void> {
  const runs = workers.map((worker) => worker.run());
  try {
    await Promise.all(runs);
  } catch (error) {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await Promise.allSettled(runs);
    throw error;
  }
}

const config = loadConfig(loadEnvFile());
const log = createLogger('worker', config.server.logLevel);
main(config, log).then(
  () => process.exit(0),
  (error: unknown) => {
    log.fatal({ err: error }, 'worker ended');
    process.exit(1);
  },
);
