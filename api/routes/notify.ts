import Joi from 'joi';
import type { Transaction } from 'objection';
import { hasDeadline } from '../../src/domain/delivery';
import type { Delivery } from '../../src/models/delivery';
import { Task } from '../../src/models/task';
import { User } from '../../src/models/user';
import { currentDeliveries, orderDeliveries, type Channel } from '../deliveries';
import { AppError } from '../errors';
import { deliveriesShape, presentDelivery } from '../present/delivery';
import { uuid } from '../present/shapes';
import { route, type Call, type Reply } from '../route';
import { idParam } from '../schemas';
import { lockTask } from '../tasks';
import { tellTaskChanged } from '../tell-temporal';
import { preferredWaitMs, waitUntil } from '../waiting';

const CHANNELS = ['email', 'calendar'] as const;

interface Wish {
  channels?: Channel[];
  resend?: true;
}

const wish = Joi.object<Wish>({
  channels: Joi.array()
    .items(Joi.string().valid(...CHANNELS))
    .min(1)
    .unique(),
  resend: Joi.boolean().valid(true),
});

/** 200 when everything asked for has been settled, now or earlier; else 202. */
async function notify(call: Call<{ taskId: string }, object, Wish>): Promise<Reply> {
  const { deps, caller, params, body, koa, claim } = call;
  const { task, channels, reply } = await Task.transaction(deps.db, async (trx) => {
    const locked = await lockTask(trx, caller, params.taskId);
    const wanted = await channelsFor(trx, locked, body.channels);
    const order = { channels: wanted, resend: body.resend === true, requestedBy: caller.id };
    await orderDeliveries(trx, locked, order);
    const now = answerOf(locked, await currentDeliveries(trx, locked, wanted));
    await claim.keep(trx, now, { meetingId: locked.meetingId });
    return { task: locked, channels: wanted, reply: now };
  });
  if (reply.status === 200) return reply;
  await tellTaskChanged(deps, task.id);
  if (preferredWaitMs(koa) === 0) return reply;
  const look = () => currentDeliveries(deps.db, task, channels);
  await waitUntil(async () => (await look()).every(isSettled), koa, deps);
  return { ...answerOf(task, await look()), headers: { 'Preference-Applied': 'wait' } };
}

const isSettled = ({ state }: Delivery) => !['pending', 'sending'].includes(state);

const answerOf = ({ id: taskId }: Task, deliveries: Delivery[]): Reply => ({
  status: deliveries.every(isSettled) ? 200 : 202,
  body: { taskId, deliveries: deliveries.map(presentDelivery) },
});

/** @throws AppError when the task must not leave the house. A task without a deadline goes by mail alone. */
async function channelsFor(trx: Transaction, task: Task, asked: Channel[] | undefined): Promise<Channel[]> {
  const owner =
    task.ownerId === null ? undefined : await User.query(trx).findById(task.ownerId).forKeyShare();
  if (!owner) throw new AppError('task-has-no-owner', 'Give the task an owner first.');
  if (task.needsReview) {
    throw new AppError('task-needs-review', 'Confirm the task first: PUT {"needsReview": false}.');
  }
  const isDue = hasDeadline(task);
  const channels = asked ?? CHANNELS.filter((channel) => channel === 'email' || isDue);
  if (channels.includes('calendar') && !isDue && channels.length === 1) {
    throw new AppError('task-has-no-deadline', 'Give the task a deadline first.');
  }
  if (channels.includes('email') && owner.email === '') {
    throw new AppError('owner-has-no-email', 'Give the owner an e-mail address first.');
  }
  return channels.filter((channel) => channel === 'email' || isDue);
}

const shape = Joi.object({ taskId: uuid, deliveries: deliveriesShape }).meta({ title: 'Notified' });

export const notifyRoutes = [
  route({
    method: 'POST',
    path: '/notify/:taskId',
    operationId: 'notifyOwner',
    tag: 'tasks',
    summary: 'Tells the owner of a task by mail and calendar; once per version, unless resend is asked for',
    idempotent: true,
    params: idParam('taskId'),
    headers: ['Prefer'],
    body: wish,
    responses: {
      200: { description: 'Everything has been settled', schema: shape },
      202: { description: 'On its way', schema: shape },
    },
    handler: notify,
  }),
];
