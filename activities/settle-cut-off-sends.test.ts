import { Delivery } from '../src/models/delivery';
import { MeetingEvent } from '../src/models/meeting-event';
import { settleDelivery } from '../src/models/settle-delivery';
import { ActivityBench } from '../test/support/activity-bench';
import { insertMeeting } from '../test/support/meetings';
import { addTask } from '../test/support/rows';

let bench: ActivityBench;
let meetingId: string;
beforeAll(async () => {
  bench = await ActivityBench.open();
  meetingId = (await insertMeeting(bench.db)).id;
});
afterAll(() => bench.close());

const run = () => bench.run('settleCutOffSends', undefined);
const ago = (interval: string) => bench.db.raw(`now() - ?::interval`, [interval]) as unknown as Date;

async function deliver(state: Delivery['state'], age: string): Promise<Delivery> {
  const { id: taskId } = await addTask(bench.db, { meetingId });
  const row = { taskId, channel: 'email', kind: 'assigned', taskVersion: 1 } as const;
  return Delivery.query(bench.db)
    .insert({ ...row, state, attempts: 1, updatedAt: ago(age) })
    .returning('*')
    .execute();
}
const stateOf = async ({ id }: Delivery) => {
  const { state, error } = await Delivery.query(bench.db).findById(id).throwIfNotFound();
  return [state, error?.code];
};

test('a send that nobody comes back to is unknown, shown with what to do, and told to whoever watches', async () => {
  const stuck = await deliver('sending', '11 minutes');
  const young = await deliver('sending', '9 minutes');
  const sent = await deliver('sent', '1 hour');
  const waiting = await deliver('pending', '1 hour');
  expect(await run()).toBe(1);
  expect(await stateOf(stuck)).toEqual(['unknown', 'outcome-unknown']);
  expect(await stateOf(young)).toEqual(['sending', undefined]);
  expect(await stateOf(sent)).toEqual(['sent', undefined]);
  expect(await stateOf(waiting)).toEqual(['pending', undefined]);
  const events = await MeetingEvent.query(bench.db).where({ meetingId, type: 'delivery' });
  expect(events.map(({ data }) => data)).toEqual([
    { taskId: stuck.taskId, channel: 'email', state: 'unknown' },
  ]);
  expect(await run()).toBe(0);
});

test('an answer that arrives meanwhile and the janitor: one of the two settles it, once', async () => {
  for (let round = 0; round < 20; round++) {
    const stuck = await deliver('sending', '11 minutes');
    const [answered, given] = await Promise.all([
      Delivery.transaction(bench.db, (trx) => settleDelivery(trx, stuck, { state: 'sent', error: null })),
      run(),
    ]);
    expect([answered, given]).toEqual(answered ? [true, 0] : [false, 1]);
    expect((await stateOf(stuck))[0]).toBe(answered ? 'sent' : 'unknown');
  }
});
