import { Model, snakeCaseMappers } from 'objection';

/**
 * Every model is used with an explicit connection, `Meeting.query(db)`, never through a global one: tests and
 * processes have their own. Columns are snake_case, properties camelCase; a query may name either (see
 * `src/db/connection.ts`).
 */
export class BaseModel extends Model {
  static override readonly columnNameMappers = snakeCaseMappers();
  static override readonly useLimitInFirst = true;
}
