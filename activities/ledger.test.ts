import { Delivery } from '../src/models/delivery';
import { Task } from '../src/models/task';
import { ActivityBench } from '../test/support/activity-bench';
import { insertUser } from '../test/support/meetings';

let bench: ActivityBench;
let sent = 0;
const mailer = {
  provider: 'counting',
  send: () => Promise.resolve({ providerMessageId: `number ${++sent}` }),
};

beforeAll(async () => {
  bench = await ActivityBench.open({ mailer });
  // A sequence counts on when the transaction that asked it is rolled back.
  await bench.db.raw(`
    create sequence tries;
    create function refuse_three_times() returns trigger language plpgsql as $$
    begin
      if nextval('tries') <= 3 then raise exception 'away' using errcode = '08006'; end if;
      return new;
    end $$;
    create trigger refuse before update on deliveries for each row when (new.state = 'sent')
    execute function refuse_three_times();`);
});
afterAll(() => bench.close());

async function ordered(): Promise<string> {
  const { id: userId } = await insertUser(bench.db, 'Ben');
  const task = { name: 'Fix the tests', ownerId: userId, origin: 'human' } as const;
  const { id: taskId } = await Task.query(bench.db).insertAndFetch(task);
  const order = { taskId, userId, channel: 'email', kind: 'assigned', taskVersion: 1 } as const;
  return (await Delivery.query(bench.db).insertAndFetch(order)).id;
}

it('a mail that went out while the ledger could not be written is sent, once, and not unknown', async () => {
  const id = await ordered();
  await bench.run('sendMail', id);
  expect(await Delivery.query(bench.db).findById(id)).toMatchObject({
    state: 'sent',
    providerMessageId: 'number 1',
    attempts: 1,
  });
  expect(sent).toBe(1);
});

it('a sender that stood still for half its time before the call does not make it any more; the next attempt does', async () => {
  const id = await ordered();
  const before = sent;
  const late = bench.run('sendMail', id, { startToCloseTimeoutMs: 0.001 });
  await expect(late).rejects.toMatchObject({ type: 'sender-late', nonRetryable: false });
  expect(sent).toBe(before);
  expect(await Delivery.query(bench.db).findById(id)).toMatchObject({ state: 'pending', attempts: 1 });
  await bench.run('sendMail', id);
  expect(sent).toBe(before + 1);
});
