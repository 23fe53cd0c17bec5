import knex, { type Knex } from 'knex';
import { knexSnakeCaseMappers } from 'objection';
import { types, type Client } from 'pg';
import type { DatabaseConfig } from '../config';
import { createLogger } from '../log';
import { postgresAddress } from './address';

type PgTypeId = Parameters<typeof types.getTypeParser>[0];

const DATE_OID: PgTypeId = types.builtins.DATE;

/** `date` stays `YYYY-MM-DD` (pg would make a local midnight of it), `timestamptz` is a Date, bigint a string. */
const columnTypes = {
  getTypeParser: (oid: PgTypeId, format?: 'text' | 'binary') =>
    oid === DATE_OID
      ? (value: string) => value
      : (types.getTypeParser(oid, format) as (value: string | Buffer) => unknown),
};

/** A worker that is frozen in a transaction (a paused machine) must not keep its rows from the one that takes over. */
const IDLE_IN_TRANSACTION_MS = 20_000;

const log = createLogger('postgres', 'warn');
const warn = (message: unknown) => log.warn(String(message));

/** 0 = a query may take as long as it likes. */
const QUERY_TIMEOUT_MS = 30_000;

/**
 * How knex connects:
 *
 * - `min: 0`: a serverless Postgres can go to sleep, and we start while it is away.
 * - 10 s to connect: a sleeping one needs up to a second, a lost network must not hold a request longer.
 * - 30 s per query, asked of our side only: a pooler refuses `statement_timeout` as a start-up parameter.
 * - 8 s for a free connection of the pool: a request that gets none is told to come again while its client still waits.
 * - 20 s of silence inside a transaction: then the server ends it, and with it its locks. Asked for by a statement, for
 *   the same pooler.
 * - Connections live at most half an hour, so that a fail-over is noticed by all of them.
 * - A connection that the server drops is thrown away by knex, which listens to its `error`; the next query gets
 *   another.
 */
export function knexConfig(config: DatabaseConfig, queryTimeoutMs = QUERY_TIMEOUT_MS): Knex.Config {
  return {
    client: 'pg',
    // Properties of models may stand for columns in any part of a query; rows of bare queries keep their columns' names.
    wrapIdentifier: knexSnakeCaseMappers().wrapIdentifier,
    log: { warn, error: warn, deprecate: warn, debug: warn },
    connection: {
      ...postgresAddress(config.url, config),
      types: columnTypes,
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
      query_timeout: queryTimeoutMs,
      application_name: 'meeting-pipeline',
    },
    pool: {
      min: 0,
      max: config.poolMax,
      acquireTimeoutMillis: 8_000,
      idleTimeoutMillis: 30_000,
      maxConnectionLifetimeMillis: 1_800_000,
      maxConnectionLifetimeJitterMillis: 60_000,
      afterCreate: limitIdleTransactions,
    },
  } as Knex.Config;
}

function limitIdleTransactions(connection: Client, done: (error: Error | null) => void): void {
  connection.query(`set idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_MS}`, done);
}

/** Opens a pool; connects with the first query. Destroy it to end. */
export const openDatabase = (config: DatabaseConfig, queryTimeoutMs?: number): Knex =>
  knex(knexConfig(config, queryTimeoutMs));
