import { createTestDatabase, type TestDatabase } from '../../test/support/database';
import { eventually } from '../../test/support/poll';
import { openDatabase } from './connection';

describe('a pool', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.destroy());

  const row = async (sql: string) => (await database.knex.raw<{ rows: unknown[] }>(sql)).rows[0];

  it('leaves days as they are written and makes instants of timestamps', async () => {
    await expect(
      row(`select date '2026-03-29' as day, timestamptz '2026-03-29 01:30Z' as moment`),
    ).resolves.toEqual({ day: '2026-03-29', moment: new Date('2026-03-29T01:30:00Z') });
  });

  it('lets the server end transactions of a process that is frozen, with their locks', async () => {
    const { idle_in_transaction_session_timeout: limit } = (await row(
      'show idle_in_transaction_session_timeout',
    )) as Record<string, string>;
    expect(limit).toBe('20s');
  });

  it('goes on when the server ends its idle connections', async () => {
    const { knex } = database;
    const other = openDatabase(database.config);
    await Promise.all([1, 2, 3].map(() => knex.raw('select pg_sleep(0.05)')));
    await other.raw(
      'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
    );
    await expect(eventually(() => row('select 1 as one'))).resolves.toEqual({ one: 1 });
    await other.destroy();
  });

  it('rejects the query whose connection the server ends, and goes on', async () => {
    const slow = database.knex.raw('select pg_sleep(20)');
    const kill = () =>
      row(
        `select pg_terminate_backend(pid) as killed from pg_stat_activity where query = 'select pg_sleep(20)'`,
      );
    const failed = expect(slow).rejects.toThrow(/terminat/);
    await eventually(async () => expect(await kill()).toEqual({ killed: true }));
    await failed;
    await expect(eventually(() => row('select 1 as one'))).resolves.toEqual({ one: 1 });
  });
});
