/** For the knex command line; the product itself migrates with `npm run migrate`. */
import type { Knex } from 'knex';
import { loadConfig, loadEnvFile } from './src/config';
import { knexConfig } from './src/db/connection';
import { migrationSource } from './src/db/migrations';

const { database } = loadConfig(loadEnvFile());

const config: Knex.Config = {
  ...knexConfig({ ...database, url: database.migrationUrl }),
  migrations: { migrationSource },
};

export default config;
