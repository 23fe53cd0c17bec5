import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Knex } from 'knex';
import { projectRoot } from '../project-root';

/** `.ts` under Jest, `.js` when built: migrations have the form of the file that runs them. */
const EXTENSION = path.extname(__filename);
const DIRECTORY =
  EXTENSION === '.ts' ? path.join(projectRoot, 'migrations') : path.join(__dirname, '../../migrations');

/**
 * Finds the migrations. They are recorded without extension, so that a database that was migrated from source can
 * be migrated further by the built program.
 */
export const migrationSource: Knex.MigrationSource<string> = {
  async getMigrations() {
    const files = await readdir(DIRECTORY);
    return files
      .filter((file) => new RegExp(`^\\d+[\\w-]*\\${EXTENSION}$`).test(file))
      .map((file) => path.basename(file, EXTENSION))
      .sort();
  },
  getMigrationName: (name) => name,
  getMigration: async (name) => (await import(path.join(DIRECTORY, name + EXTENSION))) as Knex.Migration,
};
