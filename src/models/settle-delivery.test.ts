import { seedLocalUser } from '../db/seed';
import { createTestDatabase, type TestDatabase } from '../../test/support/database';
import { waitingForLocks } from '../../test/support/locks';
import { insertMeeting } from '../../test/support/meetings';
import { eventually } from '../../test/support/poll';
import { addTask } from '../../test/support/rows';
import { Delivery } from './delivery';
import { MeetingEvent } from './meeting-event';
import { lockDelivery, settleDelivery, type Settled } from './settle-delivery';
import type { Task } from './task';

let database: TestDatabase;
let task: Task;

beforeAll(async () => {
  database = await createTestDatabase();
  await seedLocalUser(database.knex);
});
afterAll(() => database.destroy());
beforeEach(async () => {
  const { id: meetingId } = await insertMeeting(database.knex);
  task = await addTask(database.knex, { meetingId });
});

const deliver = (fields: Partial<Delivery> = {}) =>
  Delivery.query(database.knex).insertAndFetch({
    taskId: task.id,
    channel: 'email',
    kind: 'assigned',
    taskVersion: 1,
    state: 'sending',
    ...fields,
  });
const settle = (delivery: Delivery, result: Settled) => settleDelivery(database.knex, delivery, result);
const load = ({ id }: Delivery) => Delivery.query(database.knex).findById(id).throwIfNotFound();
const told = async () =>
  (await MeetingEvent.query(database.knex).where({ meetingId: task.meetingId })).map(({ data }) => data);

const ERROR = { code: 'mail-bounced', message: 'Check the address.' };

it.each<[Settled['state'], Omit<Settled, 'state'>]>([
  ['sent', { provider: 'local', providerMessageId: '<1@meetings.invalid>', error: null }],
  ['failed', { error: ERROR }],
  ['unknown', { error: ERROR }],
  ['pending', { error: ERROR }],
])('writes that it is %s and tells the meeting', async (state, facts) => {
  const delivery = await deliver();
  expect(await settle(delivery, { state, ...facts })).toBe(true);
  const now = await load(delivery);
  expect(now).toMatchObject({ state, ...facts });
  expect(now.updatedAt.getTime()).toBeGreaterThanOrEqual(delivery.updatedAt.getTime());
  expect(await told()).toEqual([{ taskId: task.id, channel: 'email', state }]);
});

it('gives way to whoever settled it first, silently', async () => {
  const asSeen = await deliver();
  await settle(asSeen, { state: 'failed', error: ERROR });
  expect(await settle(asSeen, { state: 'sent', error: null })).toBe(false);
  expect(await load(asSeen)).toMatchObject({ state: 'failed', error: ERROR });
  expect(await told()).toHaveLength(1);
});

it('tells of each when many settle at once while other things happen, and skips no number', async () => {
  const deliveries = await Promise.all(Array.from({ length: 12 }, (_, n) => deliver({ resend: n })));
  const other = () => MeetingEvent.append(database.knex, task.meetingId!, 'task', { taskId: task.id });
  await Promise.all(deliveries.flatMap((delivery) => [settle(delivery, { state: 'sent' }), other()]));
  const events = await MeetingEvent.query(database.knex).where({ meetingId: task.meetingId }).orderBy('seq');
  expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 24 }, (_, n) => n + 1));
  expect(events.filter(({ type }) => type === 'delivery')).toHaveLength(12);
});

it('lets one of two win that settle at once', async () => {
  const delivery = await deliver();
  const won = await Promise.all([
    settle(delivery, { state: 'sent', error: null }),
    settle(delivery, { state: 'unknown', error: ERROR }),
  ]);
  expect(won.filter(Boolean)).toHaveLength(1);
  expect((await load(delivery)).state).toBe(won[0] ? 'sent' : 'unknown');
  expect(await told()).toHaveLength(1);
});

it.each<[string, () => (delivery: Delivery) => Promise<unknown>]>([
  ['settled', () => (delivery) => settle(delivery, { state: 'sent' })],
  [
    'locked',
    () =>
      ({ id }) =>
        Delivery.transaction(database.knex, (trx) => lockDelivery(trx, id)),
  ],
])('is %s after its meeting: who has that may have the delivery as well', async (_, way) => {
  const delivery = await deliver();
  const { knex } = database;
  const erasing = await knex.transaction();
  await erasing('meetings').where({ id: task.meetingId }).forUpdate();
  const late = way()(delivery);
  await eventually(async () => (await waitingForLocks(knex)) > 0);
  await erasing('deliveries').where({ id: delivery.id }).delete();
  await erasing.commit();
  expect(await late).toBeFalsy();
});

it('tells nobody when the task is of no meeting', async () => {
  const lone = await addTask(database.knex);
  const delivery = await deliver({ taskId: lone.id });
  expect(await settle(delivery, { state: 'sent' })).toBe(true);
  expect((await load(delivery)).state).toBe('sent');
});
