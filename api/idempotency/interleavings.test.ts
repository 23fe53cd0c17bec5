/** In any order of requests, deaths, awakenings and passing time, a key makes one task a day. */
import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { LOCAL_USER, seedLocalUser } from '../../src/db/seed';
import { Task } from '../../src/models/task';
import { createTestDatabase, type TestDatabase } from '../../test/support/database';
import { claimKey, type HeldKey } from './claim';

const SEED = randomInt(2 ** 31);
const IN_USE = { code: 'idempotency-key-in-use' };
const LOST = new Error('the database is away');

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await seedLocalUser(database.knex);
});
afterAll(() => database.destroy());

/** Of the requests that have ever held the key, also of those whose process was thought dead. */
interface Ending {
  does: 'finish' | 'fail' | 'fail to commit';
  who: number;
}
type Step = { does: 'ask' } | { does: 'lease ends' } | { does: 'day passes' } | Ending;

const who = fc.nat(20);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Step>({ does: 'ask' }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('finish' as const), who }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('fail' as const), who }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('fail to commit' as const), who }) },
  { weight: 2, arbitrary: fc.constant<Step>({ does: 'lease ends' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ does: 'day passes' }) },
);

/** One key, all who ever held it, and what must be true of it now. */
class World {
  readonly key = `key-${randomInt(2 ** 40)}`;
  private readonly everybody: HeldKey[] = [];
  private holder: HeldKey | null = null;
  private leaseIsOver = false;
  /** The task of the last day. */
  private made: string | null = null;

  async take(next: Step): Promise<void> {
    if (next.does === 'ask') await this.ask();
    else if (next.does === 'lease ends') await this.endLease();
    else if (next.does === 'day passes') await this.passDay();
    else await this.end(next);
  }

  private async ask(): Promise<void> {
    const wanted = { userId: LOCAL_USER.id, key: this.key, route: 'POST /tasks' };
    const asked = claimKey(database.knex, wanted);
    if (this.made) return expect((await asked).answer?.body).toEqual({ id: this.made });
    if (this.holder && !this.leaseIsOver) return expect(asked).rejects.toMatchObject(IN_USE);
    const claim = await asked;
    claim.match({ name: this.key });
    this.holder = claim as HeldKey;
    this.leaseIsOver = false;
    this.everybody.push(this.holder);
  }

  private async end({ does: how, who: number }: Ending): Promise<void> {
    const who = this.everybody[number % this.everybody.length];
    if (!who) return;
    if (how === 'fail') await who.release();
    else if (who !== this.holder) await expect(this.finish(who, true)).rejects.toMatchObject(IN_USE);
    else if (how === 'finish') this.made = await this.finish(who, true);
    else await expect(this.finish(who, false)).rejects.toMatchObject(LOST);
    if (who === this.holder && how !== 'fail to commit') this.holder = null;
  }

  private finish(holder: HeldKey, commits: boolean): Promise<string> {
    return Task.transaction(database.knex, async (trx) => {
      const { id } = await Task.query(trx).insert({ name: this.key, origin: 'human' });
      await holder.keep(trx, { status: 201, body: { id } });
      if (!commits) throw LOST;
      return id;
    });
  }

  private async endLease(): Promise<void> {
    await this.age('running', { lease_until: `now() - interval '1 second'` });
    this.leaseIsOver = true;
  }

  private async passDay(): Promise<void> {
    await this.age('done', { created_at: `now() - interval '25 hours'` });
    this.made = null;
  }

  private async age(state: string, columns: Record<string, string>): Promise<void> {
    const raw = Object.entries(columns).map(([name, sql]) => [name, database.knex.raw(sql)] as const);
    await database.knex('idempotency_keys').where({ key: this.key, state }).update(Object.fromEntries(raw));
  }
}

test(`seed ${SEED}`, async () => {
  const property = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
    const world = new World();
    for (const next of steps) await world.take(next);
  });
  await fc.assert(property, { seed: SEED, numRuns: 100 });
  // It would pass by doing nothing.
  expect(await Task.query(database.knex).resultSize()).toBeGreaterThan(50);
}, 120_000);
