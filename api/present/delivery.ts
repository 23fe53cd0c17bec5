import Joi from 'joi';
import type { Delivery } from '../../src/models/delivery';
import { taskShape } from './task';
import { count, instant, orNull, string, uuid } from './shapes';

export const deliveryFields = {
  id: uuid,
  channel: Joi.string().valid('email', 'calendar'),
  kind: Joi.string().valid('assigned', 'reminder'),
  state: Joi.string().valid('pending', 'sending', 'sent', 'failed', 'unknown'),
  attempts: count,
  taskVersion: count,
  updatedAt: instant,
  error: orNull(Joi.object({ code: string, message: string })),
};

export const deliveryShape = Joi.object(deliveryFields).meta({ title: 'Delivery' });

export const deliveriesShape = Joi.array().items(deliveryShape);

export const taskWithDeliveriesShape = taskShape
  .keys({ deliveries: deliveriesShape })
  .meta({ title: 'TaskWithDeliveries' });

export const presentDelivery = (delivery: Delivery) => ({
  id: delivery.id,
  channel: delivery.channel,
  kind: delivery.kind,
  state: delivery.state,
  attempts: delivery.attempts,
  taskVersion: delivery.taskVersion,
  updatedAt: delivery.updatedAt.toISOString(),
  error: delivery.error && { code: delivery.error.code, message: delivery.error.message },
});
