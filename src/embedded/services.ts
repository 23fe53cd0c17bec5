/** The four processes of the stack as services that a supervisor can start and stop. */
import path from 'node:path';
import { projectRoot } from '../project-root';
import type { Plan } from './plan';
import { startPostgres } from './postgres';
import { spawnDetached, waitUntil, isAlive, tailOf, type Started } from './processes';
import type { Service } from './supervisor';
import { startTemporal } from './temporal-server';

const API_DEADLINE_MS = 30_000;
const quick = { signal: 'SIGTERM', graceMs: 5_000 } as const;

export function postgresService({ postgres }: Plan, port: number): Service {
  return {
    name: 'postgres',
    start: (onSpawned) => startPostgres({ directory: postgres.directory, port, durable: true, onSpawned }),
    // The "fast" shutdown; a checkpoint may take a while.
    stop: { signal: 'SIGINT', graceMs: 20_000 },
  };
}

export function temporalService({ temporal, logDir }: Plan, port: number, cliPath: string): Service {
  const { uiPort, databaseFile } = temporal;
  const logFile = path.join(logDir, 'temporal.log');
  return {
    name: 'temporal',
    start: (onSpawned) => startTemporal({ cliPath, port, uiPort, databaseFile, logFile, onSpawned }),
    stop: quick,
  };
}

const nodeCommand = (script: string, env: NodeJS.ProcessEnv) => ({
  file: process.execPath,
  args: [path.join(projectRoot, 'dist', script)],
  env,
});

/** Counts as started with its process; what it can't do yet waits in the queues. */
export function workerService({ logDir }: Plan, env: NodeJS.ProcessEnv): Service {
  const command = nodeCommand('src/worker.js', env);
  return {
    name: 'worker',
    start: (onSpawned) => spawnDetached(command, path.join(logDir, 'worker.log'), onSpawned),
    // It lets running activities end, 20 s at most.
    stop: { signal: 'SIGTERM', graceMs: 25_000 },
  };
}

/** Counts as started when it is ready to take uploads. */
export function apiService({ logDir, apiUrl }: Plan, env: NodeJS.ProcessEnv): Service {
  const command = nodeCommand('api/main.js', env);
  const logFile = path.join(logDir, 'api.log');
  return {
    name: 'api',
    async start(onSpawned) {
      const started = await spawnDetached(command, logFile, onSpawned);
      if (await answers(`${apiUrl}/readyz`, started)) return started;
      throw new Error(`the api is not ready; the end of ${logFile}:\n${tailOf(logFile)}`);
    },
    stop: { signal: 'SIGTERM', graceMs: 10_000 },
  };
}

async function answers(url: string, { identity }: Started): Promise<boolean> {
  const isReady = async () => {
    try {
      return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
    } catch {
      return false; // not yet: asked again until the deadline
    }
  };
  await waitUntil(async () => !isAlive(identity) || (await isReady()), API_DEADLINE_MS);
  return isAlive(identity) && (await isReady());
}
