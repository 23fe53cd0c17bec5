/** The product's worker with providers that answer at once, or after `LATENCY_MS`; `EXTRACTOR=local`: with our own rules. */
import path from 'node:path';
import { NativeConnection, Runtime } from '@temporalio/worker';
import { createActivities } from '../../../activities';
import { loadConfig } from '../../../src/config';
import { openDatabase } from '../../../src/db/connection';
import { createLogger } from '../../../src/log';
import { projectRoot } from '../../../src/project-root';
import { createProviders } from '../../../src/providers';
import { connectTemporal, temporalConnectOptions } from '../../../src/temporal/client';
import { createWorkers } from '../../../src/temporal/workers';
import { instantProviders } from '../instant-providers';

async function main(): Promise<void> {
  Runtime.install({
    telemetryOptions: { logging: { forward: {}, filter: { core: 'ERROR', other: 'ERROR' } } },
  });
  const config = loadConfig(process.env);
  const db = openDatabase(config.database);
  const temporal = connectTemporal(config.temporal);
  const { connection: address, namespace } = temporalConnectOptions(config.temporal);
  const connection = await NativeConnection.connect(address);
  const local = createProviders(config, db);
  const instant = instantProviders(Number(process.env.LATENCY_MS ?? 0));
  const { extractor } = process.env.EXTRACTOR === 'local' ? local : instant;
  const workers = await createWorkers(config.server.workerQueues, {
    connection,
    namespace,
    workflowBundle: { codePath: path.join(projectRoot, 'dist/workflow-bundle.js') },
    activities: createActivities({
      db,
      providers: { ...local, ...instant, extractor },
      temporal,
      log: createLogger('bench-worker', 'error'),
      ffmpeg: null,
      scratchDir: config.server.dataDir,
      maxMediaSeconds: 36_000,
      reextractionWindowMs: config.server.reextractionWindowMs,
    }),
    speechConcurrency: 1,
    shutdownGraceMs: 0,
  });
  const runs = workers.map((worker) => worker.run());
  process.send?.('ready');
  await Promise.all(runs);
  process.exit();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
