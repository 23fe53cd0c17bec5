/** What every installation stands on: Postgres and Temporal. */
import { isGrpcServiceError } from '@temporalio/client';
import { Client } from 'pg';
import type { Config, DatabaseConfig } from '../config';
import { postgresAddress } from '../db/address';
import { migrationSource } from '../db/migrations';
import { connectTemporal, temporalConnectOptions } from '../temporal/client';
import { missingSearchAttributes } from '../temporal/register-search-attributes';
import { refused, unreachable, unusable, works, type Finding } from './finding';

const TIMEOUT_MS = 10_000;
const MIGRATE = 'run `npm run migrate`';
/** PostgreSQL's own codes: wrong password, no entry in pg_hba.conf, no such role, no right to connect. */
const NOT_ALLOWED = ['28P01', '28000', '42501'];
const NO_DATABASE = '3D000';

export async function checkPostgres(config: DatabaseConfig): Promise<Finding> {
  const { host, pathname } = new URL(config.url);
  const part = { part: 'postgres', configured: `${host}${pathname}` };
  try {
    const missing = await missingMigrations(config);
    return missing.length === 0
      ? works(part)
      : unusable(part, `${missing.length} migrations are missing: ${MIGRATE}`);
  } catch (error) {
    const code = String((error as { code?: unknown }).code);
    if (NOT_ALLOWED.includes(code))
      return refused(part, `refused (${code}): check user and password in DATABASE_URL`);
    if (code === NO_DATABASE)
      return unusable(part, 'there is no such database: create it, or correct DATABASE_URL');
    return unreachable(part, 'does not answer: check DATABASE_URL, the network and TLS');
  }
}

/** Read by hand: knex would make its tables. */
async function missingMigrations(config: DatabaseConfig): Promise<string[]> {
  const all = await migrationSource.getMigrations([]);
  const address = postgresAddress(config.url, config);
  const client = new Client({ ...address, connectionTimeoutMillis: TIMEOUT_MS, query_timeout: TIMEOUT_MS });
  try {
    await client.connect();
    const { rows: tables } = await client.query<{ name: string | null }>(
      `select to_regclass('knex_migrations')::text as name`,
    );
    if (!tables[0]?.name) return all;
    const { rows } = await client.query<{ name: string }>('select name from knex_migrations');
    const done = new Set(rows.map(({ name }) => name));
    return all.filter((name) => !done.has(name));
  } finally {
    await client.end();
  }
}

/** gRPC status codes. */
const [NOT_FOUND, PERMISSION_DENIED, UNAUTHENTICATED] = [5, 7, 16];

export async function checkTemporal(config: Config['temporal']): Promise<Finding> {
  const { connection, namespace } = temporalConnectOptions(config);
  const part = { part: 'temporal', configured: `${connection.address} ${namespace}` };
  const client = connectTemporal(config);
  try {
    const missing = await missingSearchAttributes(client);
    if (missing.length === 0) return works(part);
    return unusable(part, `search attributes are missing (${missing.join(', ')}): ${MIGRATE}`);
  } catch (error) {
    const code = isGrpcServiceError(error) ? Number(error.code) : null;
    if (code === NOT_FOUND) return unusable(part, 'there is no such namespace: check TEMPORAL_NAMESPACE');
    if (code === PERMISSION_DENIED || code === UNAUTHENTICATED) {
      return refused(part, 'refused: check TEMPORAL_API_KEY or the certificates of TEMPORAL_TLS_*');
    }
    return unreachable(part, 'does not answer: check TEMPORAL_ADDRESS and TEMPORAL_TLS_*');
  }
}
