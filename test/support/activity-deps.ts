import type { Knex } from 'knex';
import type { ActivityDeps } from '../../activities/deps';
import { createLogger } from '../../src/log';

/** For activities that touch rows only; whatever else one reaches for is absent and throws. */
export const rowDeps = (db: Knex): ActivityDeps =>
  ({ db, log: createLogger('activity-test', 'silent'), reextractionWindowMs: 1000 }) as ActivityDeps;
