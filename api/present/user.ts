import Joi from 'joi';
import type { User } from '../../src/models/user';

export const userShape = Joi.object({
  id: Joi.string().uuid(),
  name: Joi.string(),
  email: Joi.string(),
  role: Joi.string().valid('admin', 'member'),
  timezone: Joi.string(),
  calendarConnected: Joi.boolean(),
}).meta({ title: 'User' });

export const presentUser = (user: User) => ({
  id: user.id,
  name: user.name,
  email: user.email,
  role: user.role,
  timezone: user.timezone,
  calendarConnected: user.calendarGrant !== null,
});
