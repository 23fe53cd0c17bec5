import Joi from 'joi';
import { TASK_STATUSES, Task, type TaskStatus } from '../../src/models/task';
import { User } from '../../src/models/user';
import { announceTask, findShownTask, lockTask, presentShownTask, shownTasks } from '../tasks';
import { notFound } from '../errors';
import { versionTag } from '../if-match';
import { paged, presentPage, type PageQuery } from '../paging';
import { deliveriesOf } from '../deliveries';
import { presentDelivery, taskWithDeliveriesShape } from '../present/delivery';
import { listOf } from '../present/shapes';
import { taskShape } from '../present/task';
import { route, type Call } from '../route';
import { dayOrInstant, idParam, pageQuery, words } from '../schemas';
import { tellTaskChanged } from '../tell-temporal';

interface ListQuery extends PageQuery {
  status?: TaskStatus;
  category?: string;
  dueBefore?: string;
}

const listQuery = Joi.object<ListQuery>({
  ...pageQuery,
  status: Joi.string().valid(...TASK_STATUSES),
  category: words(50),
  dueBefore: dayOrInstant(),
});

async function list({
  deps,
  caller,
  params: { userId },
  query,
}: Call<{ userId: string }, ListQuery, object>) {
  const own = userId === caller.id;
  if (!own && caller.role !== 'admin') throw notFound('user');
  if (!own && !(await User.query(deps.db).findById(userId).select('id'))) throw notFound('user');
  const { status, category, dueBefore } = query;
  const tasks = shownTasks(deps.db, caller).where('tasks.owner_id', userId);
  if (status) void tasks.where('tasks.status', status);
  if (category) void tasks.where('tasks.category', category);
  if (dueBefore) void tasks.whereRaw(...dueSql(dueBefore));
  const page = await paged(tasks, query, ['tasks', userId, status, category, dueBefore]);
  return { status: 200, body: presentPage(page, presentShownTask) };
}

/** A day is due when it ends in its zone; "before a day" = before that day begins there. */
function dueSql(before: string): [string, string[]] {
  const zone = `coalesce(deadline_timezone, 'UTC')`;
  if (before.length === 10) {
    const midnight = `(?::date)::timestamp at time zone ${zone}`;
    return [`(deadline_date < ?::date or deadline_at < ${midnight})`, [before, before]];
  }
  const dayEnd = `(deadline_date + 1)::timestamp at time zone ${zone}`;
  // In UTC: Postgres takes offsets up to 15:59 only.
  const instant = new Date(before).toISOString();
  return [`(${dayEnd} <= ?::timestamptz or deadline_at < ?::timestamptz)`, [instant, instant]];
}

async function read({ deps, caller, params: { taskId } }: Call<{ taskId: string }, object, object>) {
  const task = await findShownTask(deps.db, caller, taskId);
  const deliveries = await deliveriesOf(deps.db, taskId);
  return {
    status: 200,
    headers: { ETag: versionTag(task.version) },
    body: { ...presentShownTask(task), deliveries: deliveries.map(presentDelivery) },
  };
}

async function remove({ deps, caller, params: { taskId } }: Call<{ taskId: string }, object, object>) {
  await Task.transaction(deps.db, async (trx) => {
    const task = await lockTask(trx, caller, taskId);
    const now = new Date();
    await Task.query(trx)
      .findById(taskId)
      .patch({ deletedAt: now, updatedAt: now, version: task.version + 1 });
    await announceTask(trx, task, 'removed');
  });
  await tellTaskChanged(deps, taskId);
  return { status: 204 };
}

export const taskRoutes = [
  route({
    method: 'GET',
    path: '/tasks/:userId',
    operationId: 'listTasks',
    tag: 'tasks',
    summary: 'The tasks of a user, newest first',
    params: idParam('userId'),
    query: listQuery,
    responses: { 200: { description: 'A page of tasks', schema: listOf(taskShape) } },
    handler: list,
  }),
  route({
    method: 'GET',
    path: '/task/:taskId',
    operationId: 'getTask',
    tag: 'tasks',
    summary: 'One task with what was sent about it',
    params: idParam('taskId'),
    responses: { 200: { description: 'The task', schema: taskWithDeliveriesShape, headers: ['ETag'] } },
    handler: read,
  }),
  route({
    method: 'DELETE',
    path: '/tasks/:taskId',
    operationId: 'deleteTask',
    tag: 'tasks',
    summary: 'Deletes a task; its calendar entry goes too',
    params: idParam('taskId'),
    responses: { 204: { description: 'Deleted' } },
    handler: remove,
  }),
];
