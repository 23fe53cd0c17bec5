import { createTestDatabase, type TestDatabase } from '../../test/support/database';
import { migrateDatabase } from './migrate';
import { LOCAL_USER, seedLocalUser } from './seed';

describe('migrations', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database.destroy());

  const emptySchema = () => database.knex.raw('drop schema public cascade; create schema public');
  const names = async () => (await database.knex('knex_migrations').pluck('name')) as string[];

  it('are applied once when two processes start at the same time', async () => {
    const before = await names();
    await emptySchema();
    const applied = await Promise.all([migrateDatabase(database.config), migrateDatabase(database.config)]);
    expect(applied.map((list) => list.length).sort((a, b) => a - b)).toEqual([0, before.length]);
    expect(await names()).toEqual(before);
  });

  it('go on after a process was killed while it held the lock', async () => {
    await emptySchema();
    await migrateDatabase(database.config);
    await database.knex('knex_migrations_lock').update({ is_locked: 1 });
    await expect(migrateDatabase(database.config)).resolves.toEqual([]);
  });

  it('are recorded without the extension of the file', async () => {
    for (const name of await names()) expect(name).toMatch(/^\d+-[\w-]+$/);
  });

  it('are followed by the local user, whose changes stay', async () => {
    await seedLocalUser(database.knex);
    await database.knex('users').update({ name: 'Ada' });
    await seedLocalUser(database.knex);
    expect(await database.knex('users').select('id', 'name', 'email', 'role')).toEqual([
      { ...LOCAL_USER, name: 'Ada' },
    ]);
  });
});
