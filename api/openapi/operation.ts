/** A route as an operation of the document. */
import type Joi from 'joi';
import type { ResponseSpec, Route } from '../route';
import { jsonSchema, type Components, type Json } from './json-schema';

export interface Surroundings {
  components: Components;
  /** Whether callers sign in. */
  signIn: boolean;
  /** What a parameter of the path is called in the document. */
  nameOf: (parameter: string) => string;
}

export function operation(route: Route, around: Surroundings): Json {
  const { operationId, tag, summary, description } = route;
  const body = requestBody(route, around);
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description && { description }),
    parameters: parametersOf(route, around),
    ...(body && { requestBody: body }),
    responses: responsesOf(route, around),
    ...(around.signIn && { security: securityOf(route) }),
  };
}

function securityOf({ public: isOpen, byTicket }: Route): object[] {
  if (isOpen) return [];
  return byTicket ? [{ bearer: [] }, {}] : [{ bearer: [] }];
}

function parametersOf({ params, query, headers = [], idempotent }: Route, around: Surroundings): Json[] {
  const inPath = membersOf(params, around).map(([name, schema]) => ({
    name: around.nameOf(name),
    in: 'path',
    required: true,
    ...(around.nameOf(name) !== name && { description: name }),
    schema,
  }));
  const inQuery = membersOf(query, around).map(([name, schema, required]) => ({
    name,
    in: 'query',
    ...(required && { required }),
    schema,
  }));
  const heeded = idempotent ? ['Idempotency-Key', ...headers] : headers;
  return [...inPath, ...inQuery, ...heeded.map((name) => ({ $ref: `#/components/parameters/${name}` }))];
}

function membersOf(schema: Joi.Schema | undefined, { components }: Surroundings) {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'input', components);
  return Object.entries(properties as Record<string, Json>).map(
    ([name, member]) => [name, member, (required as string[]).includes(name)] as const,
  );
}

function requestBody({ body, rawBody }: Route, { components }: Surroundings): Json | undefined {
  const schema = rawBody?.schema ?? body;
  if (!schema) return undefined;
  const contentType = rawBody?.contentType ?? 'application/json';
  const required = Boolean(rawBody) || schema.validate({}).error !== undefined;
  return { required, content: { [contentType]: { schema: jsonSchema(schema, 'input', components) } } };
}

function responsesOf({ responses, idempotent }: Route, around: Surroundings): Json {
  const told = Object.entries(responses).map(([status, spec]) => {
    const headers = [...(spec.headers ?? []), ...(idempotent ? ['Idempotency-Replayed'] : [])];
    const references = headers.map((name) => [name, { $ref: `#/components/headers/${name}` }]);
    const content = contentOf(spec, around);
    return [
      status,
      {
        description: spec.description,
        ...(headers.length > 0 && { headers: Object.fromEntries(references) as Json }),
        ...(content && { content }),
      },
    ];
  });
  return { ...(Object.fromEntries(told) as Json), default: { $ref: '#/components/responses/Problem' } };
}

function contentOf({ schema, contentType, eventData }: ResponseSpec, { components }: Surroundings) {
  if (schema) return { 'application/json': { schema: jsonSchema(schema, 'output', components) } };
  if (!contentType) return undefined;
  const types = [contentType].flat();
  const data = eventData && { 'x-event-data': jsonSchema(eventData, 'output', components) };
  return Object.fromEntries(types.map((type) => [type, { ...(isText(type) && TEXT), ...data }]));
}

const TEXT = { schema: { type: 'string' } };
const isText = (type: string) => type.startsWith('text/') || type === 'application/x-subrip';
