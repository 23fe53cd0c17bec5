import { createTestDatabase, type TestDatabase } from '../test/support/database';
import { addUser } from '../test/support/rows';
import { createLogger } from './log';
import { User } from './models/user';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.destroy());

function logged(error: unknown): string {
  let lines = '';
  createLogger('test', 'info', { write: (line) => void (lines += line) }).error({ err: error }, 'failed');
  return lines;
}

const failure = async (query: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(query).then(
    () => Promise.reject(new Error('it should have failed')),
    (error: unknown) => error,
  );

describe('an error of Postgres is logged without what it quotes', () => {
  it.each([
    [
      'the row that another one is like',
      'users_email',
      async () => {
        const { email } = await addUser(database.knex, { email: 'zanzibar@example.com' });
        return User.query(database.knex).insert({ name: 'zanzibar', email });
      },
    ],
    [
      'a row that a check refuses',
      'users_role_check',
      async () => database.knex('users').insert({ name: 'zanzibar', email: 'x@example.com', role: 'king' }),
    ],
    ['a value of a wrong type', '22P02', async () => database.knex.raw('select ?::uuid', ['zanzibar'])],
  ])('%s', async (_, told, run) => {
    const lines = logged(await failure(run()));
    expect(lines).toContain(told);
    expect(lines).not.toContain('zanzibar');
  });
});
