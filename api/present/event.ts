/** The `data` of what `GET /meeting/:id/events` sends (`api/events.ts`). For the API document: streams are not checked. */
import Joi from 'joi';
import { MEETING_STATUSES, STEPS } from '../../src/domain/meeting';
import type { MeetingEventType } from '../../src/models/meeting-event';
import { extractionFields } from './extraction';
import { deliveryFields } from './delivery';
import { count, instant, orNull, string, uuid } from './shapes';

const DATA: Record<MeetingEventType, Joi.PartialSchemaMap> = {
  status: { status: Joi.string().valid(...MEETING_STATUSES), step: orNull(Joi.string().valid(...STEPS)) },
  transcript: { version: count, segments: count },
  extraction: { version: count, counts: extractionFields.counts },
  task: { taskId: uuid, change: Joi.string().valid('added', 'updated', 'removed') },
  delivery: { taskId: uuid, channel: deliveryFields.channel, state: deliveryFields.state },
  failure: { step: Joi.string().valid(...STEPS), code: string, message: string },
};

const shapes = Object.entries(DATA).map(([type, data]) =>
  Joi.object({ seq: count, type: Joi.string().valid(type), at: instant, meetingId: uuid, ...data }).meta({
    title: `${type[0]!.toUpperCase()}${type.slice(1)}Event`,
  }),
);

export const eventShape = Joi.alternatives(...shapes).meta({ title: 'MeetingEvent' });
