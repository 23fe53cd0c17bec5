/** The document says what is served, is OpenAPI 3.1, and is the one in the repository. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../src/project-root';
import { ERRORS } from '../errors';
import { routes } from '../routes';
import { withDocument } from './routes';

const { list, document } = withDocument(routes, true);
const told = JSON.parse(JSON.stringify(document));
const snapshot = path.join(projectRoot, 'docs/openapi.json');

const operations: any[] = Object.entries<object>(told.paths).flatMap(([address, methods]) =>
  Object.entries<any>(methods).map(([method, operation]) => ({ address, method, ...operation })),
);
const operationOf = (id: string) => operations.find(({ operationId }) => operationId === id);

const run = (program: string, ...args: string[]) =>
  execFileSync(process.execPath, [path.join(projectRoot, 'node_modules', program), ...args], {
    encoding: 'utf8',
    cwd: projectRoot,
  });

test('every route is in it once, and nothing else', () => {
  const shape = (address: string) => address.replace(/:\w+|\{\w+\}/g, '{}');
  const served = list.map(({ method, path: address }) => `${method} ${shape(address)}`);
  const found = operations.map(({ method, address }) => `${method.toUpperCase()} ${shape(address)}`);
  expect(found.sort()).toEqual(served.sort());
  expect(served).toContain('GET /openapi.json');
});

test('operations have names of their own', () => {
  const names = operations.map(({ operationId }) => operationId);
  expect(new Set(names).size).toBe(list.length);
  for (const name of names) expect(name).toMatch(/^[a-z]+[A-Za-z]*$/);
});

test('the parameters of a path are described, whatever name the route has for them', () => {
  for (const { address, parameters } of operations) {
    const inPath = parameters.filter((each: any) => each.in === 'path').map(({ name }: any) => `{${name}}`);
    expect(inPath.sort()).toEqual([...address.matchAll(/\{\w+\}/g)].map(([name]) => name).sort());
  }
  expect(Object.keys(told.paths['/tasks/{id}']).sort()).toEqual(['delete', 'get', 'put']);
});

test('it is OpenAPI 3.1', () => {
  expect(told.openapi).toMatch(/^3\.1\./);
  const verdict = run('@seriousme/openapi-schema-validator/bin/validate-api-cli.js', snapshot);
  expect(JSON.parse(verdict)).toEqual({ valid: true });
});

test('the one in the repository is up to date: else `npm run openapi`', () =>
  expect(told).toEqual(JSON.parse(readFileSync(snapshot, 'utf8'))));

test('every answer that is no success is a problem with a code that exists', () => {
  for (const { responses } of operations)
    expect(responses.default).toEqual({ $ref: '#/components/responses/Problem' });
  expect(told.components.schemas.Problem.properties.code.enum).toEqual(Object.keys(ERRORS));
});

test('headers are described where they mean something', () => {
  const heeds = (name: string) =>
    operations
      .filter(({ parameters }) => parameters.some((each: any) => each.$ref?.endsWith(`/${name}`)))
      .map(({ operationId }) => operationId);
  const idempotent = routes.filter((route) => route.idempotent).map(({ operationId }) => operationId);
  expect(heeds('Idempotency-Key')).toEqual(idempotent);
  expect(heeds('If-Match')).toEqual(['changeTask']);
  expect(heeds('Prefer').sort()).toEqual(['extractMeeting', 'notifyOwner', 'transcribeMeeting']);
  expect(heeds('Last-Event-ID')).toEqual(['watchMeeting']);
  expect(heeds('Range')).toEqual(['getMedia']);
});

test('who signs in is said where people sign in', () => {
  expect(operationOf('getMeeting').security).toEqual([{ bearer: [] }]);
  expect(operationOf('getMedia').security).toEqual([{ bearer: [] }, {}]);
  expect(operationOf('getLiveness').security).toEqual([]);
  expect(told.components.securitySchemes).toHaveProperty('bearer');
  const local = JSON.stringify(withDocument(routes, false).document);
  expect(local).not.toMatch(/"security|"bearer"/);
});

test('an upload is a form with a file, and people in it as JSON', () => {
  const { content } = operationOf('uploadMeeting').requestBody;
  expect(content['multipart/form-data'].schema).toEqual({ $ref: '#/components/schemas/Upload' });
  const { properties, required } = told.components.schemas.Upload;
  expect(required).toEqual(['file']);
  expect(properties.file).toEqual({ type: 'string', format: 'binary' });
  expect(properties.participants).toMatchObject({
    type: 'string',
    contentMediaType: 'application/json',
    contentSchema: { type: 'array', items: { $ref: '#/components/schemas/Person' } },
  });
});

const USE = `
import type { components, paths } from './api';
type Shown = paths['/meeting/{meetingId}']['get']['responses'][200]['content']['application/json'];
type Task = components['schemas']['Task'];
export const owners = (meeting: Shown): (string | null)[] => meeting.actionItems.map(({ owner }: Task) => owner);
export const steps: NonNullable<Shown['failure']>['step'][] = ['probe', 'transcribe', 'extract', 'notify'];
export const due: Task['deadline'] = null;
export const open: components['schemas']['Problem']['code'] = 'not-found';
export const form: Omit<components['schemas']['Upload'], 'file'> = {};
export const wish: components['schemas']['NewTask'] = { name: 'Send it', deadline: '2026-11-23', owner: null };
export const told = (event: components['schemas']['MeetingEvent']) =>
  event.type === 'status' ? event.step : event.seq;
// @ts-expect-error no such status
export const wrong: Task['status'] = 'paused';
// @ts-expect-error a task has a name
export const nameless: components['schemas']['NewTask'] = {};
`;

test('a typed client comes out of it', () => {
  const folder = mkdtempSync(path.join(projectRoot, '.cache/client-'));
  try {
    const types = path.join(folder, 'api.d.ts');
    run('openapi-typescript/bin/cli.js', snapshot, '--default-non-nullable=false', '--output', types);
    writeFileSync(path.join(folder, 'use.ts'), USE);
    run(
      'typescript/bin/tsc',
      '--strict',
      '--noEmit',
      '--skipLibCheck',
      '--types',
      'node',
      path.join(folder, 'use.ts'),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 120_000);
