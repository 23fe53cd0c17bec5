/** A worker for the bare workflow, with the settings of the product's. */
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { WORKFLOW_TUNING } from '../../../src/temporal/workers';

async function main(): Promise<void> {
  Runtime.install({
    telemetryOptions: { logging: { forward: {}, filter: { core: 'ERROR', other: 'ERROR' } } },
  });
  const connection = await NativeConnection.connect({ address: process.env.TEMPORAL_ADDRESS ?? '' });
  const worker = await Worker.create({
    connection,
    taskQueue: 'bare',
    workflowsPath: require.resolve('../bare-workflow'),
    activities: { nothing: () => Promise.resolve() },
    ...WORKFLOW_TUNING,
  });
  const run = worker.run();
  process.send?.('ready');
  await run;
  process.exit();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
