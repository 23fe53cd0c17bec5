import Joi from 'joi';
import { schemaFaults } from '../../../test/support/vendors/gemini/contract';
import { ANSWER } from './answer-schema';
import { wireSchema } from './wire-schema';

it('says types, choices, what may be null and what is asked for; bounds stay with Joi', () => {
  const schema = Joi.object({
    line: Joi.number().integer().min(1).required().description('Number of the line'),
    share: Joi.number(),
    status: Joi.string().valid('open', 'answered'),
    owner: Joi.string().max(200).allow(null, '').default(null),
    quotes: Joi.array().items(Joi.string()).max(3),
  });
  expect(wireSchema(schema)).toEqual({
    type: 'object',
    properties: {
      line: { type: 'integer', description: 'Number of the line' },
      share: { type: 'number' },
      status: { type: 'string', format: 'enum', enum: ['open', 'answered'] },
      owner: { type: 'string', nullable: true },
      quotes: { type: 'array', items: { type: 'string' } },
    },
    required: ['line', 'share', 'status', 'owner', 'quotes'],
    propertyOrdering: ['line', 'share', 'status', 'owner', 'quotes'],
  });
});

it('the schema of the answer is within what the vendor takes, four levels deep', () => {
  const wire = wireSchema(ANSWER);
  expect(schemaFaults(wire)).toEqual([]);
  expect(Object.keys(wire.properties!)).toEqual(['actionItems', 'decisions', 'questions']);
  expect(wire.properties!.actionItems!.items!.properties!.evidence!.items!.required).toEqual([
    'line',
    'quote',
  ]);
});

it.each([Joi.date(), Joi.any(), Joi.alternatives(Joi.string(), Joi.number())])(
  'refuses a type that the wire has no word for',
  (type) => {
    expect(() => wireSchema(Joi.object({ type }))).toThrow(RangeError);
  },
);
