/**
 * What `POST /v1beta/models/{model}:generateContent` takes, from the REST reference
 * (ai.google.dev/api/generate-content): every departure is a violation.
 */
import type { SeenRequest } from '../stand-in';

type Json = Record<string, any>;

const TOP = ['contents', 'systemInstruction', 'generationConfig', 'safetySettings', 'tools', 'toolConfig'];
const GENERATION = [
  'candidateCount stopSequences maxOutputTokens temperature topP topK seed responseMimeType responseSchema',
  'responseJsonSchema presencePenalty frequencyPenalty thinkingConfig',
]
  .join(' ')
  .split(' ');
const SCHEMA = [
  'type format description nullable enum items minItems maxItems properties required propertyOrdering',
]
  .join(' ')
  .split(' ');
const TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object'];
/** Not offered by 3.x and later: they want thinkingLevel, and chance as they come. */
const OLD_SETTINGS = ['temperature', 'topP', 'topK'];

const unknownKeys = (value: Json, known: string[], place: string): string[] =>
  Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => `${place}.${key} is no field`);

const FORMATS: Record<string, string[]> = {
  string: ['enum', 'date-time'],
  number: ['float', 'double'],
  integer: ['int32', 'int64'],
};

function typeFaults(schema: Json, place: string): string[] {
  const type = String(schema.type).toLowerCase();
  const names: unknown[] = schema.enum ?? [];
  const wrong = {
    [`${place}.type is ${schema.type}`]: !TYPES.includes(type),
    [`${place}.format is ${schema.format}`]: 'format' in schema && !FORMATS[type]?.includes(schema.format),
    [`${place} has no items`]: type === 'array' && !schema.items,
    [`${place} has no properties`]: type === 'object' && !schema.properties,
    [`${place}.enum is not of strings`]: names.some((name) => type !== 'string' || typeof name !== 'string'),
  };
  return Object.keys(wrong).filter((fault) => wrong[fault]);
}

/** The subset of OpenAPI 3.0, with the depth and the bounds that answer 400 when they add up. */
export function schemaFaults(schema: Json, place = 'responseSchema', depth = 0): string[] {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Json>);
  const missing = [...(schema.required ?? []), ...(schema.propertyOrdering ?? [])].filter(
    (name) => !properties.some(([known]) => known === name),
  );
  return [
    ...unknownKeys(schema, SCHEMA, place),
    ...typeFaults(schema, place),
    ...missing.map((name) => `${place} requires ${name}, which it does not have`),
    ...(depth > 6 ? [`${place} is too deep`] : []),
    ...('minItems' in schema || 'maxItems' in schema ? [`${place} spends the budget of bounds`] : []),
    ...properties.flatMap(([name, child]) => schemaFaults(child, `${place}.${name}`, depth + 1)),
    ...(schema.items ? schemaFaults(schema.items as Json, `${place}[]`, depth + 1) : []),
  ];
}

function generationFaults(config: Json, model: string): string[] {
  const generation = Number(/gemini-(\d+)/.exec(model)?.[1] ?? 99);
  const refused = generation >= 3 ? OLD_SETTINGS.filter((name) => name in config) : [];
  const typed = config.responseSchema && config.responseMimeType !== 'application/json';
  return [
    ...unknownKeys(config, GENERATION, 'generationConfig'),
    ...refused.map((name) => `${model} takes no ${name}`),
    ...(typed ? ['responseSchema needs responseMimeType application/json'] : []),
    ...(config.responseSchema ? schemaFaults(config.responseSchema as Json) : ['no responseSchema']),
  ];
}

function contentFaults(content: Json, place: string, roles: string[]): string[] {
  const parts = Array.isArray(content?.parts) ? (content.parts as Json[]) : [];
  return [
    ...unknownKeys(content ?? {}, ['role', 'parts'], place),
    ...(roles.includes(content?.role as string) ? [] : [`${place}.role is ${content?.role}`]),
    ...(parts.length === 0 ? [`${place} has no parts`] : []),
    ...parts.flatMap((part) =>
      typeof part.text === 'string' && part.text !== '' && Object.keys(part).length === 1
        ? []
        : [`${place} has a part that is no text`],
    ),
  ];
}

function bodyFaults(body: Json, model: string): string[] {
  const contents = Array.isArray(body.contents) ? (body.contents as Json[]) : [];
  const alternate = contents.every(({ role }, index) => role === (index % 2 === 0 ? 'user' : 'model'));
  return [
    ...unknownKeys(body, TOP, 'body'),
    ...(contents.length % 2 === 1 && alternate ? [] : ['turns do not alternate from user to user']),
    ...contents.flatMap((content, index) => contentFaults(content, `contents[${index}]`, ['user', 'model'])),
    ...(body.systemInstruction
      ? contentFaults(body.systemInstruction as Json, 'systemInstruction', ['system', 'user'])
      : ['no systemInstruction']),
    ...generationFaults((body.generationConfig ?? {}) as Json, model),
    ...(body.tools?.length > 0 ? ['the model is given tools'] : []),
  ];
}

const PATH = /^\/v1beta\/models\/([A-Za-z0-9.-]+):generateContent$/;

export const modelOf = ({ path }: SeenRequest): string => PATH.exec(path)?.[1] ?? '';

/** Everything in the request that the REST reference does not allow. The key belongs into its header alone. */
export function violationsOf(request: SeenRequest, apiKey: string): string[] {
  const { method, path, headers, body } = request;
  const faults = [
    ...(method === 'POST' ? [] : [`method ${method}`]),
    ...(PATH.test(path) ? [] : ['another path']),
    ...(headers['x-goog-api-key'] === apiKey ? [] : ['no x-goog-api-key']),
    ...(/^application\/json\b/.test(headers['content-type'] ?? '') ? [] : ['content-type is not JSON']),
    ...(body.includes(apiKey) ? ['the key stands in the body'] : []),
  ];
  try {
    return [...faults, ...bodyFaults(JSON.parse(body.toString()) as Json, modelOf(request))];
  } catch {
    return [...faults, 'the body is no JSON'];
  }
}
