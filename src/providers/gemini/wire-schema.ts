/** What Gemini's `responseSchema` knows of OpenAPI 3.0; other keywords answer 400. */
export interface WireSchema {
  type: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  description?: string;
  nullable?: true;
  format?: 'enum';
  enum?: string[];
  items?: WireSchema;
  properties?: Record<string, WireSchema>;
  required?: string[];
  propertyOrdering?: string[];
}

/** The part of `describe()` that Joi promises and that is read here. */
interface Described {
  type?: string;
  keys?: Record<string, Described>;
  items?: Described[];
  allow?: unknown[];
  flags?: { description?: string; only?: boolean };
  rules?: { name: string }[];
}

const TYPES = new Set(['object', 'array', 'string', 'number', 'boolean']);

function typeOf({ type, rules }: Described): WireSchema['type'] {
  if (type === 'number' && rules?.some(({ name }) => name === 'integer')) return 'integer';
  if (!type || !TYPES.has(type)) throw new RangeError(`no response schema can say "${type ?? 'any'}"`);
  return type as WireSchema['type'];
}

function choices({ allow, flags }: Described): Partial<WireSchema> {
  const names = allow?.filter((value): value is string => typeof value === 'string') ?? [];
  return flags?.only ? { format: 'enum', enum: names } : {};
}

function children({ keys, items }: Described): Partial<WireSchema> {
  if (items?.[0]) return { items: convert(items[0]) };
  if (!keys) return {};
  const names = Object.keys(keys);
  const properties = Object.fromEntries(names.map((name) => [name, convert(keys[name]!)]));
  return { properties, required: names, propertyOrdering: names };
}

function convert(described: Described): WireSchema {
  const { description } = described.flags ?? {};
  return {
    type: typeOf(described),
    ...(description !== undefined && { description }),
    ...(described.allow?.includes(null) && { nullable: true as const }),
    ...choices(described),
    ...children(described),
  };
}

/**
 * The response schema of a Joi schema: types, choices and descriptions, every field asked for. Bounds stay with Joi:
 * on the wire they meet a budget of complexity and "too many states" (googleapis/python-genai#660).
 * @throws RangeError for a Joi type that the wire has no word for
 */
export const wireSchema = (schema: { describe(): unknown }): WireSchema =>
  convert(schema.describe() as Described);
