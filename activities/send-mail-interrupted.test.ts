/** What becomes of a mail whose sender loses Postgres between the ledger and the call. */
import { randomUUID } from 'node:crypto';
import { Delivery } from '../src/models/delivery';
import { ActivityBench } from '../test/support/activity-bench';
import { insertUser } from '../test/support/meetings';
import { addTask } from '../test/support/rows';

let bench: ActivityBench;
beforeAll(async () => {
  bench = await ActivityBench.open();
});
afterAll(() => bench.close());

async function ordered(): Promise<Delivery> {
  const { id: userId } = await insertUser(bench.db, 'Ben');
  const { id: taskId } = await addTask(bench.db, { ownerId: userId });
  const mail = { channel: 'email', kind: 'assigned', taskVersion: 1 } as const;
  return Delivery.query(bench.db).insertAndFetch({ ...mail, taskId, userId });
}
const load = (delivery: Delivery) => Delivery.query(bench.db).findById(delivery.id).throwIfNotFound();

describe('an attempt that loses Postgres before its call', () => {
  /** In place of a connection that breaks: the row of the call can't be written. */
  const breakCalls = () =>
    bench.db.raw(`
      create function refuse() returns trigger language plpgsql as $$ begin raise 'away'; end $$;
      create trigger refuse before insert on provider_calls execute function refuse()`);
  const mendCalls = () => bench.db.raw('drop function refuse cascade');

  it('takes back that it is sending: the next one sends', async () => {
    const delivery = await ordered();
    await breakCalls();
    await expect(bench.run('sendMail', delivery.id)).rejects.toMatchObject({ nonRetryable: false });
    await mendCalls();
    expect(await load(delivery)).toMatchObject({ state: 'pending', attempts: 1, error: null });
    await bench.run('sendMail', delivery.id, { attempt: 2 });
    expect(await load(delivery)).toMatchObject({ state: 'sent', attempts: 2 });
    expect(bench.outbox().filter((mail) => mail.includes(delivery.id))).toHaveLength(1);
  });

  it('leaves alone what another attempt is sending by then', async () => {
    const delivery = await ordered();
    const hook = Symbol.for('meeting-pipeline.failpoint');
    Reflect.set(globalThis, hook, async () => {
      await Delivery.query(bench.db).findById(delivery.id).patch({ sender: randomUUID() });
      throw new Error('Postgres has gone');
    });
    await expect(bench.run('sendMail', delivery.id)).rejects.toThrow();
    Reflect.deleteProperty(globalThis, hook);
    expect(await load(delivery)).toMatchObject({ state: 'sending', attempts: 1 });
  });
});
