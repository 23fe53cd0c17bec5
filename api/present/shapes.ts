/** Joi pieces of answers. They describe; they do not clean. */
import Joi from 'joi';

export const uuid = Joi.string().uuid();
export const instant = Joi.string().isoDate();
export const string = Joi.string().allow('');
export const count = Joi.number().integer().min(0);
export const orNull = (schema: Joi.Schema) => schema.allow(null);

export const listOf = (item: Joi.Schema) =>
  Joi.object({
    data: Joi.array().items(item),
    page: Joi.object({ nextCursor: orNull(Joi.string()) }).meta({ title: 'Page' }),
  });
