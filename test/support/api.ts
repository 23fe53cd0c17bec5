/** The real app on a real port, a real database and a real Temporal, for tests of routes. */
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Knex } from 'knex';
import { createApp } from '../../api/app';
import { createMetrics } from '../../api/metrics/metrics';
import type { Deps } from '../../api/route';
import { portOf, startServer } from '../../api/server';
import { loadConfig, type Config } from '../../src/config';
import { LOCAL_USER, seedLocalUser } from '../../src/db/seed';
import { createLogger } from '../../src/log';
import { User } from '../../src/models/user';
import { LocalMediaStore } from '../../src/providers/local/media-store';
import { createTestDatabase } from './database';
import { testTemporal } from './temporal';

/** Names the caller by user id; only tests without `AUTH_ISSUER` have it. Absent = the local user. */
export const CALLER_HEADER = 'X-Test-Caller';

export interface TestApi {
  url: string;
  port: number;
  knex: Knex;
  deps: Deps;
  /** `fetch` with a JSON body; `as` = user id of the caller. */
  send(
    method: string,
    path: string,
    options?: { body?: unknown; as?: string; headers?: Record<string, string> },
  ): Promise<{ status: number; body: any; headers: Headers }>;
  close(): Promise<void>;
}

/** Starts everything; `change` replaces what a test wants otherwise. */
export async function startTestApi(
  change: Partial<Deps> & { env?: NodeJS.ProcessEnv } = {},
): Promise<TestApi> {
  const { env, ...replaced } = change;
  const database = await createTestDatabase();
  await seedLocalUser(database.knex);
  const temporal = await testTemporal();
  const dataDir = mkdtempSync(path.join(tmpdir(), 'api-test-'));
  const deps: Deps = {
    db: database.knex,
    temporal: temporal.client,
    mediaStore: new LocalMediaStore(path.join(dataDir, 'media')),
    config: testConfig({ DATABASE_URL: database.url, DATA_DIR: dataDir, ...env }),
    log: createLogger('api-test', process.env.TEST_LOG ?? 'silent'),
    ...(!env?.AUTH_ISSUER && { identify: (ctx) => identifyByHeader(database.knex, ctx.get(CALLER_HEADER)) }),
    metrics: createMetrics(replaced.db ?? database.knex),
    ...replaced,
  };
  const server = await startServer(createApp(deps), { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${portOf(server)}`;
  return {
    url,
    port: portOf(server),
    knex: database.knex,
    deps,
    send: (method, route, options) => send(url + route, method, options),
    async close() {
      await stop(server);
      await temporal.close();
      await database.destroy();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const testConfig = (env: NodeJS.ProcessEnv): Config => loadConfig({ NODE_ENV: 'test', ...env });

async function identifyByHeader(knex: Knex, id: string): Promise<User> {
  return User.query(knex)
    .findById(id || LOCAL_USER.id)
    .throwIfNotFound();
}

async function send(
  url: string,
  method: string,
  options: { body?: unknown; as?: string; headers?: Record<string, string> } = {},
) {
  const { body, as, headers = {} } = options;
  const answer = await fetch(url, {
    method,
    headers: {
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(as !== undefined && { [CALLER_HEADER]: as }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get('Content-Type')?.includes('json') ?? false;
  return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
}
