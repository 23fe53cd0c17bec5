import { Delivery } from '../src/models/delivery';
import { MeetingEvent } from '../src/models/meeting-event';
import { Task } from '../src/models/task';
import { ActivityBench } from '../test/support/activity-bench';
import { insertMeeting } from '../test/support/meetings';

let bench: ActivityBench;
let task: Task;

beforeAll(async () => {
  bench = await ActivityBench.open();
});
afterAll(() => bench.close());
beforeEach(async () => {
  const { id: meetingId } = await insertMeeting(bench.db);
  task = await Task.query(bench.db).insertAndFetch({
    meetingId,
    name: 'Write the draft',
    origin: 'ai',
    version: 3,
    syncedVersion: 0,
  });
});

const deliver = (fields: Partial<Delivery> = {}) =>
  Delivery.query(bench.db).insertAndFetch({
    taskId: task.id,
    channel: 'email',
    kind: 'assigned',
    taskVersion: 1,
    ...fields,
  });
const finish = (version: number, ...deliveries: Delivery[]) =>
  bench.run('finishTask', { taskId: task.id, version, deliveries: deliveries.map(({ id }) => id) });
const syncedVersion = async () => (await Task.query(bench.db).findById(task.id))?.syncedVersion;
const load = (delivery: Delivery) => Delivery.query(bench.db).findById(delivery.id).throwIfNotFound();

it('notes which version the world knows; an older plan that ends later takes nothing back', async () => {
  await finish(3);
  expect(await syncedVersion()).toBe(3);
  await finish(2);
  expect(await syncedVersion()).toBe(3);
});

it('leaves a task behind that has changed meanwhile, so that the next round sees it', async () => {
  await finish(2);
  const lagging = await Task.query(bench.db).whereRaw('version > synced_version').findById(task.id);
  expect(lagging?.id).toBe(task.id);
});

it('fails what still waits, with the last reason or that all tries are used up, and tells the meeting', async () => {
  const error = { code: 'mail-away', message: 'Try later.' };
  const tried = await deliver({ error });
  const untried = await deliver({ channel: 'calendar' });
  await finish(3, tried, untried);
  expect(await load(tried)).toMatchObject({ state: 'failed', error });
  expect(await load(untried)).toMatchObject({ state: 'failed', error: { code: 'gave-up' } });
  const events = await MeetingEvent.query(bench.db).where({ meetingId: task.meetingId, type: 'delivery' });
  expect(events.map(({ data }) => `${data.channel} ${data.state}`).sort()).toEqual([
    'calendar failed',
    'email failed',
  ]);
});

it.each(['sent', 'unknown', 'sending', 'failed'] as const)('leaves one alone that is %s', async (state) => {
  const delivery = await deliver({ state });
  await finish(3, delivery);
  expect(await load(delivery)).toMatchObject({ state, error: null });
});

it('leaves one alone that was ordered after the plan', async () => {
  const planned = await deliver({ state: 'sent' });
  const later = await deliver({ resend: 1 });
  await finish(3, planned);
  expect((await load(later)).state).toBe('pending');
});
