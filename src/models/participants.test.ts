import { seedLocalUser } from '../db/seed';
import { createTestDatabase, type TestDatabase } from '../../test/support/database';
import { insertMeeting } from '../../test/support/meetings';
import { eventually } from '../../test/support/poll';
import { addUser } from '../../test/support/rows';
import { Meeting } from './meeting';
import { participantsOf, setParticipants } from './participants';
import { User } from './user';

let database: TestDatabase;
let meeting: Meeting;

beforeAll(async () => {
  database = await createTestDatabase();
  await seedLocalUser(database.knex);
});
afterAll(() => database.destroy());
beforeEach(async () => {
  meeting = await insertMeeting(database.knex);
});

const person = (name: string, email = `${name.toLowerCase()}@example.com`) => ({ name, email });
const set = (people: { name: string; email: string }[], id = meeting.id) =>
  Meeting.transaction(database.knex, (trx) => setParticipants(trx, id, people));
const shown = async (id = meeting.id) =>
  (await participantsOf(database.knex, id)).map(({ name, email }) => `${name} <${email}>`);

it('are shown in the order and under the names given', async () => {
  await set([person('Carol'), person('Anna'), person('Ben')]);
  expect(await shown()).toEqual([
    'Carol <carol@example.com>',
    'Anna <anna@example.com>',
    'Ben <ben@example.com>',
  ]);
});

it('become users of their own, members, once for all meetings', async () => {
  const other = await insertMeeting(database.knex);
  await set([person('Dora', 'Dora@Example.com')]);
  await set([person('Dora D.', 'dora@example.COM')], other.id);
  const users = await User.query(database.knex).where({ email: 'dora@example.com' });
  expect(users).toMatchObject([{ name: 'Dora', role: 'member' }]);
  expect([await shown(), await shown(other.id)]).toEqual([
    ['Dora <dora@example.com>'],
    ['Dora D. <dora@example.com>'],
  ]);
});

it('leave a user who is there already as they are', async () => {
  const admin = await addUser(database.knex, { name: 'Eve Ode', role: 'admin', timezone: 'Europe/Berlin' });
  await set([person('Evie', admin.email.toUpperCase())]);
  expect(await User.query(database.knex).findById(admin.id)).toEqual(admin);
  expect(await participantsOf(database.knex, meeting.id)).toEqual([
    { userId: admin.id, name: 'Evie', email: admin.email },
  ]);
});

it('are one person when an address is given twice: the last name, the first place', async () => {
  await set([person('Anna'), person('Ben'), person('Anna Lee', 'ANNA@example.com')]);
  expect(await shown()).toEqual(['Anna Lee <anna@example.com>', 'Ben <ben@example.com>']);
});

it('are replaced, in a new order as well; whoever left stays a user', async () => {
  await set([person('Anna'), person('Ben')]);
  await set([person('Ben'), person('Carol')]);
  expect(await shown()).toEqual(['Ben <ben@example.com>', 'Carol <carol@example.com>']);
  expect(await User.query(database.knex).findOne({ email: 'anna@example.com' })).toBeDefined();
  await set([]);
  expect(await shown()).toEqual([]);
});

it('are those of before when the change is given up', async () => {
  await set([person('Anna')]);
  const broken = Meeting.transaction(database.knex, async (trx) => {
    await setParticipants(trx, meeting.id, [person('Nobody')]);
    throw new Error('given up');
  });
  await expect(broken).rejects.toThrow('given up');
  expect(await shown()).toEqual(['Anna <anna@example.com>']);
  expect(await User.query(database.knex).findOne({ email: 'nobody@example.com' })).toBeUndefined();
});

const waiting = async () => {
  const { rows } = await database.knex.raw<{ rows: unknown[] }>(
    `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows.length;
};

it('of two meetings with the same new people in another order do not block each other', async () => {
  const other = await insertMeeting(database.knex);
  const [first, middle, last] = ['a', 'm', 'z'].map((n) => person(n, `${n}-${meeting.id}@example.com`));
  // Both stop in the middle: without an order of ours, each would then hold what the other wants next.
  const holder = await database.knex.transaction();
  await User.query(holder).insert(middle!);
  const both = Promise.all([set([first!, middle!, last!]), set([last!, middle!, first!], other.id)]);
  await eventually(async () => expect(await waiting()).toBe(2));
  await holder.rollback();
  await both;
  expect([await shown(), await shown(other.id)]).toEqual([expect.any(Array), (await shown()).reverse()]);
});
