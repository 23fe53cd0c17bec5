import Joi from 'joi';
import { TASK_STATUSES, type Task } from '../../src/models/task';
import type { SpeakerNames } from '../../src/domain/plain-transcript';
import { presentDeadline } from '../deadline';
import { evidenceShape, presentEvidence } from './evidence';
import { instant, orNull, string, uuid } from './shapes';

const fields = {
  id: uuid,
  meetingId: orNull(uuid),
  name: string,
  owner: orNull(uuid),
  ownerText: orNull(string),
  status: Joi.string().valid(...TASK_STATUSES),
  deadline: orNull(Joi.string()).description('A calendar day, due when it ends, or RFC 3339 with an offset'),
  deadlineText: orNull(string),
  category: orNull(string),
  origin: Joi.string().valid('ai', 'human'),
  needsReview: Joi.boolean(),
  editedFields: Joi.array().items(Joi.string()),
  evidence: Joi.array().items(evidenceShape),
  version: Joi.number().integer(),
  createdAt: instant,
  updatedAt: instant,
};

export const taskShape = Joi.object(fields).meta({ title: 'Task' });

export const presentTask = (task: Task, names: SpeakerNames) => ({
  id: task.id,
  meetingId: task.meetingId,
  name: task.name,
  owner: task.ownerId,
  ownerText: task.ownerText,
  status: task.status,
  deadline: presentDeadline(task),
  deadlineText: task.deadlineText,
  category: task.category,
  origin: task.origin,
  needsReview: task.needsReview,
  editedFields: task.editedFields,
  evidence: presentEvidence(task.evidence, names),
  version: task.version,
  createdAt: task.createdAt.toISOString(),
  updatedAt: task.updatedAt.toISOString(),
});
