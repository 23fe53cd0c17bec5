/** Entry point of the api process. The one place in `api/` that picks adapters. */
import './young-generation';
import type { Server } from 'node:http';
import { ConfigError, loadConfig, loadEnvFile, type Config } from '../src/config';
import { openDatabase } from '../src/db/connection';
import { createLogger, type Logger } from '../src/log';
import { createCalendarConsent, createMediaStore } from '../src/providers';
import { connectTemporal } from '../src/temporal/client';
import { createApp } from './app';
import { startCatchUp } from './catch-up';
import { createMetrics } from './metrics/metrics';
import type { Deps } from './route';
import { startServer } from './server';

/** Requests in flight have this long to finish; an upload that takes longer is repeated by its client. */
const GRACE_MS = 25_000;
const LOOK_EVERY_MS = 100;

async function main(config: Config, log: Logger): Promise<void> {
  const stopping = new AbortController();
  const db = openDatabase(config.database);
  const deps: Deps = {
    db,
    temporal: connectTemporal(config.temporal),
    mediaStore: createMediaStore(config),
    calendarConsent: createCalendarConsent(config),
    config,
    log,
    metrics: createMetrics(db),
    stopping: stopping.signal,
  };
  const { host, port } = config.server;
  const server = await startServer(createApp(deps), { host, port });
  const stopCatchUp = startCatchUp(deps);
  log.info({ host, port }, 'api is ready');
  const signal = await firstOf('SIGTERM', 'SIGINT');
  log.info({ signal }, 'api stops');
  stopping.abort();
  await Promise.all([drain(server), stopCatchUp()]);
  await Promise.allSettled([deps.db.destroy()]);
  // Temporal's client stays open: one of its own retries, on a timer, would throw on a closed channel.
  process.exit();
}

const firstOf = (...signals: NodeJS.Signals[]): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    for (const signal of signals) process.once(signal, resolve);
  });

/** Takes no new connections and lets requests in flight finish; their clients would keep the connections for more. */
async function drain(server: Server): Promise<void> {
  const force = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  const dismiss = setInterval(() => server.closeIdleConnections(), LOOK_EVERY_MS);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearTimeout(force);
  clearInterval(dismiss);
}

try {
  const config = loadConfig(loadEnvFile());
  const log = createLogger('api', config.server.logLevel);
  main(config, log).catch((error: unknown) => {
    log.fatal({ err: error }, 'api could not start');
    process.exit(1);
  });
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  createLogger('api').fatal(error.message);
  process.exitCode = 1;
}
