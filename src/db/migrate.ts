/** Brings the schema up to date: `npm run migrate`, the embedded stack and the tests. */
import { Client } from 'pg';
import { ConfigError, loadConfig, loadEnvFile, type DatabaseConfig, type TemporalConfig } from '../config';
import { createLogger, type Logger } from '../log';
import { connectTemporal } from '../temporal/client';
import { prepareNamespace } from '../temporal/prepare-namespace';
import { postgresAddress } from './address';
import { openDatabase } from './connection';
import { migrationSource } from './migrations';
import { seedLocalUser } from './seed';

/** Any number that no other program on this database locks: "meet" in ASCII. */
const ADVISORY_LOCK = 0x6d656574;

/**
 * Applies what is missing and returns the names of it. Processes may race: one migrates, the others wait. The lock
 * row that a killed knex leaves behind is released, which is safe because the advisory lock ends with its session.
 */
export async function migrateDatabase(config: DatabaseConfig): Promise<string[]> {
  const direct = { ...config, url: config.migrationUrl, poolMax: 2 };
  const guard = new Client({ ...postgresAddress(direct.url, direct), connectionTimeoutMillis: 10_000 });
  await guard.connect();
  // A change of a large table takes minutes.
  const knex = openDatabase(direct, 0);
  try {
    await guard.query('select pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await knex.migrate.forceFreeMigrationsLock({ migrationSource });
    const [, applied] = (await knex.migrate.latest({ migrationSource })) as [number, string[]];
    return applied;
  } finally {
    await knex.destroy();
    await guard.end();
  }
}

async function main(log: Logger): Promise<void> {
  const config = loadConfig(loadEnvFile());
  const applied = await migrateDatabase(config.database);
  log.info({ applied }, applied.length ? 'the schema is up to date now' : 'the schema was up to date');
  if (config.auth.issuer === null) await addLocalUser(config.database);
  await tellTemporal(config.temporal, log);
}

async function addLocalUser(config: DatabaseConfig): Promise<void> {
  const knex = openDatabase(config);
  await seedLocalUser(knex).finally(() => knex.destroy());
}

async function tellTemporal(config: TemporalConfig, log: Logger): Promise<void> {
  const temporal = connectTemporal(config);
  try {
    await prepareNamespace(temporal);
    log.info('Temporal knows the search attributes and the schedule of the janitor');
  } catch (error) {
    log.warn({ err: error }, 'Temporal is away: run `npm run migrate` again when it is there');
  } finally {
    await temporal.connection.close();
  }
}

if (require.main === module) {
  const log = createLogger('migrate');
  main(log).catch((error: unknown) => {
    if (error instanceof ConfigError) log.fatal(error.message);
    else log.fatal({ err: error }, 'the migration failed');
    process.exitCode = 1;
  });
}
