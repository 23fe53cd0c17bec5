/** The API document, OpenAPI 3.1: of the list that is served, with the schemas that validate. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import Joi from 'joi';
import { projectRoot } from '../../src/project-root';
import { ERRORS } from '../errors';
import { string } from '../present/shapes';
import { TAGS, type Route } from '../route';
import { headerParameters, RESPONSE_HEADERS } from './headers';
import { jsonSchema, type Components, type Json } from './json-schema';
import { operation } from './operation';

const { version, description } = JSON.parse(
  readFileSync(path.join(projectRoot, 'package.json'), 'utf8'),
) as Record<'version' | 'description', string>;

const problemShape = Joi.object({
  type: string,
  title: string,
  status: Joi.number().integer(),
  detail: string,
  instance: string,
  code: Joi.string()
    .valid(...Object.keys(ERRORS))
    .description(
      Object.entries(ERRORS)
        .map(([code, { status, title }]) => `- \`${code}\` (${status}): ${title}`)
        .join('\n'),
    ),
  errors: Joi.array()
    .items(Joi.object({ pointer: string, code: string, detail: string }).meta({ title: 'Issue' }))
    .optional(),
}).meta({ title: 'Problem' });

const bearer = { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' };

/** @param signIn - whether callers bring a bearer token; without, everybody is the local user. */
export function describeApi(routes: readonly Route[], signIn: boolean): Json {
  const components: Components = new Map();
  const problem = { schema: jsonSchema(problemShape, 'output', components) };
  const paths = pathsOf(routes, signIn, components);
  const schemas = [...components].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    openapi: '3.1.0',
    info: { title: 'Meeting pipeline', version, description },
    servers: [{ url: '/' }],
    tags: TAGS.map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries(schemas),
      parameters: headerParameters,
      headers: RESPONSE_HEADERS,
      responses: {
        Problem: {
          description: 'What went wrong (RFC 9457)',
          content: { 'application/problem+json': problem },
        },
      },
      ...(signIn && { securitySchemes: { bearer } }),
    },
  };
}

function pathsOf(routes: readonly Route[], signIn: boolean, components: Components) {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const nameOf = namesFor(route, routes);
    const template = route.path.replace(PARAMETER, (_, name: string) => `{${nameOf(name)}}`);
    const method = route.method.toLowerCase();
    (paths[template] ??= {})[method] = operation(route, { components, signIn, nameOf });
  }
  return paths;
}

const PARAMETER = /:(\w+)/g;
const shapeOf = (route: Route) => route.path.replace(PARAMETER, '{}');

/** Paths that differ in the name of their parameter only are one path of the document, and the parameter is its `id`. */
function namesFor(route: Route, all: readonly Route[]): (parameter: string) => string {
  const isUnique = all.every((other) => shapeOf(other) !== shapeOf(route) || other.path === route.path);
  return (parameter) => (isUnique ? parameter : 'id');
}
