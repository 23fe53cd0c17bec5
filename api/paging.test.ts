/** Every list, in pages of any size: nothing twice, nothing missing, whatever is written meanwhile. */
import fc from 'fast-check';
import { User } from '../src/models/user';
import { createTestDatabase, type TestDatabase } from '../test/support/database';
import { addUser } from '../test/support/rows';
import { encodeCursor, paged, presentPage, type Page } from './paging';

const PEOPLE = 23;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  // Some in the same microsecond, some a microsecond apart: a Date could not tell them.
  for (let number = 0; number < PEOPLE; number++) {
    const at = `2026-01-01T00:00:00.00000${Math.floor(number / 3)}Z`;
    const user = await addUser(database.knex);
    await database.knex('users').where({ id: user.id }).update({ created_at: at });
  }
});
afterAll(() => database.destroy());

const page = (limit: number, cursor?: string, list: unknown = ['users']): Promise<Page<User>> =>
  paged(
    User.query(database.knex).select('users.*'),
    { limit, ...(cursor !== undefined && { cursor }) },
    list,
  );

async function everything(limit: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const { rows, nextCursor } = await page(limit, cursor);
    expect(rows.length).toBeLessThanOrEqual(limit);
    ids.push(...rows.map(({ id }) => id));
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
  return ids;
}

test('pages of any size hold the same rows in the same order', async () => {
  const whole = await everything(100);
  expect(new Set(whole).size).toBe(PEOPLE);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: PEOPLE + 2 }), async (limit) => {
      expect(await everything(limit)).toEqual(whole);
    }),
    { numRuns: 12 },
  );
});

test('newest first', async () => {
  const { rows } = await page(100);
  const times = rows.map(({ createdAt }) => createdAt.getTime());
  expect(times).toEqual([...times].sort((a, b) => b - a));
});

test('the last page says so, also when it is exactly full', async () => {
  expect((await page(PEOPLE)).nextCursor).toBeNull();
  expect((await page(PEOPLE - 1)).nextCursor).toEqual(expect.any(String));
});

test('rows that come meanwhile do not push others onto the next page again', async () => {
  const first = await page(5);
  const newcomer = await addUser(database.knex);
  const second = await page(5, first.nextCursor!);
  const ids = (rows: User[]) => rows.map(({ id }) => id);
  expect(ids(second.rows).filter((id) => ids(first.rows).includes(id))).toEqual([]);
  expect(ids(second.rows)).not.toContain(newcomer.id);
  await User.query(database.knex).deleteById(newcomer.id);
});

test('a cursor of another list, or a made-up one, is refused', async () => {
  const { nextCursor } = await page(2);
  const refused = { code: 'cursor-invalid', issues: [expect.objectContaining({ pointer: '/cursor' })] };
  await expect(page(2, nextCursor!, ['users', 'other filter'])).rejects.toMatchObject(refused);
  await fc.assert(
    fc.asyncProperty(fc.string({ maxLength: 120 }), async (cursor) => {
      await expect(page(2, cursor)).rejects.toMatchObject(refused);
    }),
    { numRuns: 50 },
  );
});

test('not one character of a cursor may be another', async () => {
  const cursor = (await page(2)).nextCursor!;
  for (let at = 0; at < cursor.length - 1; at++) {
    const changed = cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1);
    await expect(page(2, changed)).rejects.toMatchObject({ code: 'cursor-invalid' });
  }
});

test.each([
  'x',
  '2026-02-30T00:00:00.000000Z 6f9619ff-8b86-4d01-b42d-00cf4fc964ff',
  '2026-01-01T00:00:00.000000Z -',
])('a cursor made for %j is refused, although its checksum is right', async (key) => {
  const forged = encodeCursor(key, JSON.stringify(['users']));
  await expect(page(2, forged)).rejects.toMatchObject({ code: 'cursor-invalid' });
});

test('a cursor with something behind it is another', async () => {
  const { nextCursor } = await page(2);
  await expect(page(2, `${nextCursor}!`)).rejects.toMatchObject({ code: 'cursor-invalid' });
});

test('what is shown of a page is its rows as presented, and where it goes on', () => {
  expect(presentPage({ rows: [1, 2], nextCursor: 'x' }, (row: number) => row * 2)).toEqual({
    data: [2, 4],
    page: { nextCursor: 'x' },
  });
});

test('a cursor outlives the row it stands on', async () => {
  const first = await page(4);
  const second = await page(4, first.nextCursor!);
  const last = first.rows.at(-1)!;
  await User.query(database.knex).deleteById(last.id);
  expect((await page(4, first.nextCursor!)).rows.map(({ id }) => id)).toEqual(
    second.rows.map(({ id }) => id),
  );
});
