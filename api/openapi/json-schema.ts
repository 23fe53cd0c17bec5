/**
 * JSON Schema 2020-12, the dialect of OpenAPI 3.1, of the Joi schemas that validate. Joi writes it itself but leaves out
 * `meta`, which here names a schema (`title`) or says what Joi can't (any other keyword; with `type`, instead of what
 * Joi says). What a description has, the JSON has at the same place: the two are walked side by side.
 */
import type Joi from 'joi';

export type Json = Record<string, unknown>;
/** The schemas with a title, by it. */
export type Components = Map<string, Json>;
/** Of answers every field is there unless marked optional, and more may come with time. */
type Direction = 'input' | 'output';

/** @throws Error when two different schemas have the same title. */
export function jsonSchema(schema: Joi.Schema, direction: Direction, components: Components): Json {
  // Joi has it since 18.1; its type of the interface is older.
  const standard = schema['~standard'] as unknown as {
    jsonSchema: Record<Direction, (options: { target: string }) => Json>;
  };
  const json = standard.jsonSchema[direction]({ target: 'draft-2020-12' });
  return refined(json, schema.describe() as About, { direction, components });
}

/** What is looked at of Joi's own description. */
interface About {
  type: string;
  flags?: { presence?: string };
  allow?: unknown[];
  metas?: Json[];
  keys?: Record<string, About>;
  items?: About[];
  matches?: { schema: About }[];
  patterns?: { rule: About }[];
}

interface Walk {
  direction: Direction;
  components: Components;
}

function refined(json: Json, about: About, walk: Walk): Json {
  const { title, ...said } = Object.assign({}, ...(about.metas ?? [])) as Json;
  const isNullable = about.allow?.includes(null) ?? false;
  const whole = said.type ? said : { ...withoutNull(json), ...childrenOf(json, about, walk), ...said };
  if (json.default !== undefined) whole.default = json.default;
  const shape = asText(whole);
  if (typeof title !== 'string') return isNullable ? orNull(shape) : shape;
  const reference = named(title, shape, walk.components);
  return isNullable ? { anyOf: [reference, { type: 'null' }] } : reference;
}

const withoutNull = (json: Json): Json =>
  Array.isArray(json.type) ? { ...json, type: json.type.find((type) => type !== 'null') as string } : json;

/** An `enum` without null would refuse it, whatever `type` allows. */
const orNull = (json: Json): Json => ({
  ...json,
  type: [json.type, 'null'],
  ...(Array.isArray(json.enum) && { enum: [...(json.enum as unknown[]), null] }),
});

/** In a form field: JSON as text. */
function asText(json: Json): Json {
  const { contentMediaType, description, ...contentSchema } = json;
  if (contentMediaType === undefined) return json;
  return { type: 'string', description, contentMediaType, contentSchema };
}

function named(title: string, shape: Json, components: Components): Json {
  const known = components.get(title);
  if (known && JSON.stringify(known) !== JSON.stringify(shape)) throw new Error(`two schemas are a ${title}`);
  components.set(title, shape);
  return { $ref: `#/components/schemas/${title}` };
}

function childrenOf(json: Json, about: About, walk: Walk): Json {
  const { type, items, matches } = about;
  if (items) return { items: itemsOf(json.items as Json, items, walk) };
  if (matches)
    return anyOf(
      json,
      matches.map(({ schema }) => schema),
      walk,
    );
  return type === 'object' ? membersOf(json, about, walk) : {};
}

const anyOf = (json: Json, choices: About[], walk: Walk): Json => ({
  anyOf: (json.anyOf as Json[]).map((choice, i) => refined(choice, choices[i]!, walk)),
});

const itemsOf = (json: Json, items: About[], walk: Walk): Json =>
  items.length === 1 ? refined(json, items[0]!, walk) : anyOf(json, items, walk);

function membersOf(json: Json, { keys = {}, patterns }: About, walk: Walk): Json {
  const children = (json.properties ?? {}) as Record<string, Json>;
  const about = Object.entries(keys);
  const properties = about.map(([key, child]) => [key, refined(children[key]!, child, walk)] as const);
  const present = about.filter(([, { flags }]) => flags?.presence !== 'optional').map(([key]) => key);
  return {
    ...(about.length > 0 && { properties: Object.fromEntries(properties) }),
    ...(walk.direction === 'output' && { additionalProperties: undefined, required: present }),
    ...(patterns && { patternProperties: undefined, additionalProperties: valuesOf(json, patterns, walk) }),
  };
}

/** Where there is a pattern, there is one, and any key matches. */
const valuesOf = (json: Json, patterns: { rule: About }[], walk: Walk): Json =>
  refined(Object.values(json.patternProperties as Record<string, Json>)[0]!, patterns[0]!.rule, walk);
