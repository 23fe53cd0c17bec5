import { createTestDatabase, type TestDatabase } from '../../test/support/database';
import { FaultProxy, isCommitReply } from '../../test/chaos/harness/fault-proxy';
import { openDatabase } from '../db/connection';
import { databaseTurns, type Turns } from './turns';

const LONG = { waitMs: 20_000, holdMs: 60_000 };
const AT_ONCE = { waitMs: 0, holdMs: 60_000 };
let database: TestDatabase;
let here: Turns;
let there: Turns;
let key: string;
const others: ReturnType<typeof openDatabase>[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  // Two processes, each with a single connection: waiting and holding must do with none.
  [here, there] = [0, 1].map(() => {
    const db = openDatabase({ ...database.config, poolMax: 1 });
    others.push(db);
    return databaseTurns(db);
  }) as [Turns, Turns];
});
afterAll(async () => {
  await Promise.all(others.map((db) => db.destroy()));
  await database.destroy();
});
beforeEach(() => (key = `calendar of ${expect.getState().currentTestName}`));

it('is held by one; the next gets it when it is given back', async () => {
  const giveBack = await here.take(key, AT_ONCE);
  expect(await there.take(key, AT_ONCE)).toBeNull();
  expect(await here.take(key, AT_ONCE)).toBeNull();
  const waiting = there.take(key, LONG);
  await giveBack!();
  expect(await waiting).not.toBeNull();
});

it('keeps nobody from another thing', async () => {
  await here.take(key, AT_ONCE);
  expect(await here.take(`${key}, another`, AT_ONCE)).not.toBeNull();
});

it('is over by itself when its holder has died, and that one gives back nothing of the next', async () => {
  const late = await here.take(key, { ...AT_ONCE, holdMs: 100 });
  const next = await there.take(key, LONG);
  expect(next).not.toBeNull();
  await late!();
  expect(await here.take(key, AT_ONCE)).toBeNull();
});

it('is one at a time among forty in two processes, and all come to it', async () => {
  let [inside, most, done] = [0, 0, 0];
  const work = async (turns: Turns) => {
    const giveBack = await turns.take(key, LONG);
    most = Math.max(most, ++inside);
    await database.knex.raw('select 1');
    inside--;
    await giveBack!();
    done++;
  };
  await Promise.all(Array.from({ length: 40 }, (_, index) => work(index % 2 ? here : there)));
  expect([most, done]).toEqual([1, 40]);
});

it('leaves no address behind', async () => {
  await here.take('ben@example.com', AT_ONCE);
  expect(JSON.stringify(await database.knex('turns'))).not.toContain('ben@');
});

it('is not lost with the answer of Postgres, neither when it is taken nor when it is given back', async () => {
  const { port } = new URL(database.url);
  const proxy = await new FaultProxy(Number(port)).listen();
  const url = database.url.replace(`:${port}/`, `:${proxy.port}/`);
  const db = openDatabase({ ...database.config, url, poolMax: 1 });
  let lost = 0;
  const loseOne = () => {
    lost = 0;
    proxy.loses = (chunk) => isCommitReply(chunk) && lost++ === 0;
  };
  const begun = performance.now();
  loseOne();
  const giveBack = await databaseTurns(db).take(key, AT_ONCE);
  expect([giveBack === null, lost]).toEqual([false, 2]);
  loseOne();
  await giveBack!();
  expect(lost).toBeGreaterThan(0);
  expect(await here.take(key, AT_ONCE)).not.toBeNull();
  expect(performance.now() - begun).toBeLessThan(LONG.holdMs);
  await db.destroy();
  await proxy.close();
});
