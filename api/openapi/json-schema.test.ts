/** What the document says of a value is what the validator says of it. */
import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import Joi from 'joi';
import { orNull } from '../present/shapes';
import { dayOrInstant, id, language, pageQuery, words } from '../schemas';
import { jsonSchema, type Components } from './json-schema';

const ajv = new Ajv({ strict: false });
addFormats(ajv);

/** A component's name is looked up as in the document. */
function accepts(schema: Joi.Schema, direction: 'input' | 'output' = 'input') {
  const components: Components = new Map();
  const root = jsonSchema(schema, direction, components);
  return ajv.compile({ ...root, components: { schemas: Object.fromEntries(components) } });
}

const UUID = '0b6cd8d0-5d5f-4d3c-9e3c-0d6a0f3a9c11';
const inner = Joi.object({ a: Joi.string() }).meta({ title: 'Inner' });

test.each<[name: string, Joi.Schema, valid: unknown[], invalid: unknown[]]>([
  ['an id', id(), [UUID, UUID.toUpperCase()], ['x', `{${UUID}}`, 1]],
  ['an id or null', id().allow(null), [UUID, null], ['x']],
  ['a choice or null', Joi.string().valid('a', 'b').allow(null), ['a', null], ['c']],
  ['a shape or null', inner.allow(null), [{ a: 'x' }, null], [{ a: 1 }, { b: 1 }, 'x']],
  ['shapes in a list', Joi.array().items(inner, Joi.number()), [[{ a: 'x' }, 1]], [[{ a: 1 }], ['x'], 1]],
  ['either shape', Joi.alternatives(inner, Joi.number()), [{ a: 'x' }, 1], [{ a: 1 }, 'x']],
  [
    'words under any key',
    Joi.object().pattern(Joi.string(), words(3)),
    [{ a: 'abc' }],
    [{ a: 'abcd' }, { a: '' }],
  ],
  ['a day or an instant', dayOrInstant(), ['2026-11-23', '2026-11-23T15:00:00+01:00'], ['23.11.2026', 'x']],
  ['a language', language(), ['en', 'pt-BR'], ['english', '']],
])('%s', (_, schema, valid, invalid) => {
  const told = accepts(schema);
  const accepted = (value: unknown) => [value, told(value), schema.validate(value).error === undefined];
  expect(valid.map(accepted)).toEqual(valid.map((value) => [value, true, true]));
  expect(invalid.map(accepted)).toEqual(invalid.map((value) => [value, false, false]));
});

test('of answers every field is there, unless it is optional, and there may be more one day', () => {
  const shape = Joi.object({ a: orNull(Joi.string()), b: Joi.string().optional() });
  const told = accepts(shape, 'output');
  expect([told({ a: null, c: 1 }), told({ b: 'x' })]).toEqual([true, false]);
});

test('a limit is a number with bounds, though a query has only text', () => {
  expect(jsonSchema(pageQuery.limit, 'input', new Map())).toEqual({
    type: 'integer',
    minimum: 1,
    maximum: 100,
    default: 25,
  });
});

test('one name, one schema', () => {
  const another = Joi.object({ a: Joi.number() }).meta({ title: 'Inner' });
  expect(() => jsonSchema(Joi.object({ inner, another }), 'input', new Map())).toThrow('Inner');
});
