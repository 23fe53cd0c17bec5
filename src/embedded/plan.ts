/** Where the parts of the stack will be: decided before the first one starts, so that each can be told of the others. */
import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config';
import { freePort } from './ports';
import { postgresUrl } from './postgres';

const TEMPORAL_PORT = 7233;
/** Not 5432, where the machine's own PostgreSQL is. */
const POSTGRES_PORT = 5433;

/**
 * Where to look when `PORT` is 0, so that any will do: of two stacks on a machine neither takes what the other leaves free
 * while a part of it is started again. Below the ports that systems give to outgoing connections (from 32768).
 */
const anyPort = (): number => randomInt(10_000, 30_000);

export interface Plan {
  dataDir: string;
  logDir: string;
  apiPort: number;
  apiUrl: string;
  /** `port` null: the database or the Temporal that the environment names is used, none of our own. */
  postgres: { port: number | null; directory: string; url: string };
  temporal: { port: number | null; uiPort: number | null; databaseFile: string; address: string };
  webUiUrl: string | null;
}

/** The wanted ports, or the next free ones. `databaseUrl` null = bring our own PostgreSQL. */
export async function planStack(config: Config, databaseUrl: string | null): Promise<Plan> {
  const { dataDir, host, port } = config.server;
  const logDir = path.join(dataDir, 'logs');
  mkdirSync(logDir, { recursive: true });
  const apiPort = await freePort(port || anyPort());
  const apiHost = host === '0.0.0.0' ? '127.0.0.1' : host;
  const temporal = await planTemporal(config);
  return {
    dataDir,
    logDir,
    apiPort,
    apiUrl: `http://${apiHost.includes(':') ? `[${apiHost}]` : apiHost}:${apiPort}`,
    postgres: await planPostgres(config, databaseUrl),
    temporal,
    webUiUrl:
      config.temporal.uiUrl ?? (temporal.uiPort === null ? null : `http://127.0.0.1:${temporal.uiPort}`),
  };
}

async function planPostgres(
  { server: { dataDir, port: apiPort } }: Config,
  databaseUrl: string | null,
): Promise<Plan['postgres']> {
  const directory = path.join(dataDir, 'postgres');
  if (databaseUrl) return { port: null, directory, url: databaseUrl };
  const port = await freePort(apiPort === 0 ? anyPort() : POSTGRES_PORT);
  return { port, directory, url: postgresUrl(directory, port) };
}

async function planTemporal(config: Config): Promise<Plan['temporal']> {
  const { dataDir, port: apiPort } = config.server;
  const databaseFile = path.join(dataDir, 'temporal.db');
  const { address, uiPort } = config.temporal;
  if (address) return { port: null, uiPort: null, databaseFile, address };
  const port = await freePort(apiPort === 0 ? anyPort() : TEMPORAL_PORT);
  return { port, uiPort: await freePort(uiPort), databaseFile, address: `127.0.0.1:${port}` };
}

/**
 * What the api and the worker read: the caller's environment with our addresses. The caller's other Temporal settings
 * (a cloud's key, TLS) are not for our own server.
 */
export function environmentFor(plan: Plan, env: NodeJS.ProcessEnv, tools: { ffmpegPath: string | null }) {
  const inherited = Object.entries(env).filter(
    ([name]) => plan.temporal.port === null || !name.startsWith('TEMPORAL_'),
  );
  return {
    ...Object.fromEntries(inherited),
    PORT: String(plan.apiPort),
    DATA_DIR: plan.dataDir,
    DATABASE_URL: plan.postgres.url,
    TEMPORAL_ADDRESS: plan.temporal.address,
    ...(plan.webUiUrl && { TEMPORAL_UI_URL: plan.webUiUrl }),
    ...(tools.ffmpegPath && { FFMPEG_PATH: tools.ffmpegPath }),
  };
}
