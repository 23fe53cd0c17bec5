import Joi from 'joi';
import type { Transaction } from 'objection';
import { Meeting } from '../../src/models/meeting';
import { TASK_STATUSES, Task, type TaskStatus } from '../../src/models/task';
import type { User } from '../../src/models/user';
import { visibleMeetings } from '../access';
import { deadlineColumns } from '../deadline';
import { requireVersion, versionTag } from '../if-match';
import { taskShape } from '../present/task';
import { route, type Call } from '../route';
import { dayOrInstant, id, idParam, words } from '../schemas';
import { changesOf, type TaskChange } from '../task-changes';
import {
  announceTask,
  changedTask,
  lockTask,
  presentShownTask,
  requireOwner,
  unknownReference,
} from '../tasks';
import { tellTaskChanged } from '../tell-temporal';

interface NewTask {
  name: string;
  meetingId?: string | null;
  owner?: string | null;
  status?: TaskStatus;
  deadline?: string | null;
  category?: string | null;
}

const editable = {
  name: words(500),
  owner: id().allow(null),
  status: Joi.string().valid(...TASK_STATUSES),
  deadline: dayOrInstant().allow(null),
  category: words(50).allow(null),
};

const newTask = Joi.object<NewTask>({
  ...editable,
  name: editable.name.required(),
  meetingId: id().allow(null),
}).meta({ title: 'NewTask' });

const taskChange = Joi.object<TaskChange>({ ...editable, needsReview: Joi.boolean() }).meta({
  title: 'TaskChange',
});

async function create({ deps, caller, body, claim }: Call<object, object, NewTask>) {
  const { id, reply } = await Task.transaction(deps.db, async (trx) => {
    const { owner = caller.id, meetingId = null } = body;
    const timezone = await timezoneFor(trx, caller, meetingId);
    await requireOwner(trx, caller, owner);
    const task = await Task.query(trx).insert({
      meetingId,
      name: body.name,
      ownerId: owner,
      createdBy: caller.id,
      status: body.status ?? 'open',
      ...deadlineColumns(body.deadline ?? null, timezone),
      category: body.category ?? null,
      origin: 'human',
    });
    await announceTask(trx, { id: task.id, meetingId }, 'added');
    const shown = await answer(trx, task.id);
    const created = { ...shown, status: 201, headers: { ...shown.headers, Location: `/task/${task.id}` } };
    await claim.keep(trx, created, { meetingId });
    return { id: task.id, reply: created };
  });
  await tellTaskChanged(deps, id);
  return reply;
}

/** Of the meeting, which must be visible and can't be deleted before the transaction ends; else the caller's. */
async function timezoneFor(trx: Transaction, caller: User, meetingId: string | null): Promise<string> {
  if (meetingId === null) return caller.timezone;
  const meeting = await visibleMeetings(trx, caller).findById(meetingId).select('timezone').forShare();
  if (meeting) return meeting.timezone;
  throw unknownReference('/meetingId', 'meetingId is not a meeting that you know');
}

/** Whoever sees a task may set its deadline, even without having been in its meeting. */
async function zoneOf(trx: Transaction, caller: User, { meetingId }: Task): Promise<string> {
  const meeting =
    meetingId === null ? undefined : await Meeting.query(trx).findById(meetingId).select('timezone');
  return meeting?.timezone ?? caller.timezone;
}

async function change(call: Call<{ taskId: string }, object, TaskChange>) {
  const { deps, caller, params, body, koa } = call;
  const { changed, reply } = await Task.transaction(deps.db, async (trx) => {
    const task = await lockTask(trx, caller, params.taskId);
    requireVersion(koa, task.version);
    if (body.owner !== undefined && body.owner !== task.ownerId) await requireOwner(trx, caller, body.owner);
    const timezone = await zoneOf(trx, caller, task);
    const columns = changesOf(task, body, timezone);
    if (columns !== null) {
      await Task.query(trx).findById(task.id).patch(columns);
      await announceTask(trx, task, 'updated');
    }
    return { changed: columns !== null, reply: await answer(trx, task.id) };
  });
  if (changed) await tellTaskChanged(deps, params.taskId);
  return reply;
}

async function answer(trx: Transaction, taskId: string) {
  const task = await changedTask(trx, taskId);
  return {
    status: 200,
    headers: { ETag: versionTag(task.version) } as Record<string, string>,
    body: presentShownTask(task),
  };
}

export const taskWritingRoutes = [
  route({
    method: 'POST',
    path: '/tasks',
    operationId: 'createTask',
    tag: 'tasks',
    summary: 'Writes a task by hand',
    idempotent: true,
    body: newTask,
    responses: { 201: { description: 'The new task', schema: taskShape, headers: ['Location', 'ETag'] } },
    handler: create,
  }),
  route({
    method: 'PUT',
    path: '/tasks/:taskId',
    operationId: 'changeTask',
    tag: 'tasks',
    summary: 'Changes fields of a task; absent = unchanged, null = clear',
    params: idParam('taskId'),
    headers: ['If-Match'],
    body: taskChange,
    responses: { 200: { description: 'The task as it is now', schema: taskShape, headers: ['ETag'] } },
    handler: change,
  }),
];
