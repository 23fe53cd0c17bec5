/** Real answers are what the document says, of every operation that answers in JSON. */
import { randomUUID } from 'node:crypto';
import { Extraction } from '../../src/models/extraction';
import type { Meeting } from '../../src/models/meeting';
import { ProviderCall } from '../../src/models/provider-call';
import type { Task } from '../../src/models/task';
import { ApiDocument } from '../../test/support/api-document';
import { startTestApi, type TestApi } from '../../test/support/api';
import { addExtraction, addMeeting, addTranscript, addUser, NO_MEDIA } from '../../test/support/rows';

let api: TestApi;
let document: ApiDocument;
let described: any;
let meeting: Meeting;
let task: Task;
beforeAll(async () => {
  api = await startTestApi();
  described = (await api.send('GET', '/openapi.json')).body;
  document = new ApiDocument(described);
  meeting = await addMeeting(api.knex, { failure: FAILURE });
  const [segment] = await addTranscript(api.knex, meeting, [
    ['Ben', 'I will send the report.'],
    [null, 'Who signs?'],
  ]);
  task = await addExtraction(api.knex, meeting, segment!);
  const diff = [{ kind: 'task' as const, change: 'added' as const, id: task.id, before: null, after: task }];
  await Extraction.query(api.knex).where({ meetingId: meeting.id }).patch({ diff });
  await ProviderCall.query(api.knex).insert({
    meetingId: meeting.id,
    requestId: randomUUID(),
    step: 'transcribe',
    provider: 'rapidapi',
    model: null,
    units: { seconds: 61.5 },
    cost: '0.006150',
    latencyMs: 900,
    outcome: 'ok',
  });
});
afterAll(() => api.close());

const FAILURE = {
  step: 'extract' as const,
  code: 'extraction-timeout',
  message: 'It took too long.',
  retryable: true,
  at: '2026-11-23T09:00:00.000Z',
};

interface Sent {
  path?: string;
  body?: object;
  headers?: Record<string, string>;
  status?: number;
}

/** Sends it, expects this status and an answer as described; `{…}` = ids of what there is. */
async function told(operation: string, { path, body, headers, status = 200 }: Sent = {}) {
  const [method, template] = operation.split(' ') as [string, string];
  const address = path ?? template.replace('{meetingId}', meeting.id).replace('{taskId}', task.id);
  const answer = await api.send(method, address, { ...(body && { body }), ...(headers && { headers }) });
  expect([operation, answer.status]).toEqual([operation, status]);
  expect(document.against(operation, answer)).toEqual([]);
  return answer;
}

test('a meeting and what belongs to it', async () => {
  const { body, headers } = await told('GET /meeting/{meetingId}');
  expect([body.actionItems.length, body.segments.length, body.failure]).toEqual([1, 2, FAILURE]);
  await told('GET /meeting/{meetingId}', { headers: { 'If-None-Match': headers.get('ETag')! }, status: 304 });
  expect((await told('GET /meetings')).body.data).toHaveLength(1);
  expect((await told('GET /meeting/{meetingId}/costs')).body.data).toHaveLength(1);
  expect((await told('GET /meeting/{meetingId}/run')).body.steps).not.toHaveLength(0);
  expect((await told('GET /meeting/{meetingId}/extractions')).body.data).toHaveLength(1);
  const extraction = '/meeting/{meetingId}/extractions/{version}';
  const read = await told(`GET ${extraction}`, { path: `/meeting/${meeting.id}/extractions/1` });
  expect(read.body.diff[0].after.id).toBe(task.id);
  for (const kind of ['vtt', 'srt', 'txt', 'md']) {
    const path = `/meeting/${meeting.id}/transcript.${kind}`;
    await told('GET /meeting/{meetingId}/transcript.{kind}', { path });
  }
  await told('PATCH /meeting/{meetingId}', { body: { title: 'Other', speakers: { Ben: 'Ben Ode' } } });
  expect((await told('GET /search', { path: '/search?q=report' })).body.data).not.toHaveLength(0);
});

test('a meeting with nothing yet', async () => {
  const { id } = await addMeeting(api.knex, { ...NO_MEDIA, status: 'queued', durationMs: null });
  const { body } = await told('GET /meeting/{meetingId}', { path: `/meeting/${id}` });
  expect([body.transcript, body.extraction, body.links.media]).toEqual([null, null, null]);
});

test('tasks', async () => {
  const created = await told('POST /tasks', {
    body: { name: 'Buy milk', deadline: '2027-01-31' },
    status: 201,
  });
  const { id, owner } = created.body;
  await told('PUT /tasks/{id}', { path: `/tasks/${id}`, body: { deadline: '2027-01-31T09:00:00Z' } });
  expect((await told('GET /tasks/{id}', { path: `/tasks/${owner}` })).body.data).not.toHaveLength(0);
  await told('POST /notify/{taskId}', { path: `/notify/${id}`, body: { channels: ['email'] }, status: 202 });
  const { body } = await told('GET /task/{taskId}', { path: `/task/${id}` });
  expect(body.deliveries).toHaveLength(1);
  await told('DELETE /tasks/{id}', { path: `/tasks/${id}`, status: 204 });
});

test('people', async () => {
  await told('GET /me');
  await told('GET /users');
  const body = { name: 'Ann Lee', email: 'ann@example.com' };
  const { id } = (await told('POST /users', { body, status: 201 })).body;
  const path = `/users/${id}`;
  await told('GET /users/{userId}', { path });
  await told('PUT /users/{userId}', { path, body: { timezone: 'Europe/Berlin' } });
  await told('DELETE /users/{userId}', { path, status: 204 });
});

test('what is asked of the pipeline, and the end of a meeting', async () => {
  const { id } = await addMeeting(api.knex);
  await told('POST /transcribe/{meetingId}', { path: `/transcribe/${id}`, body: {}, status: 202 });
  await told('POST /extract/{meetingId}', { path: `/extract/${id}`, body: {}, status: 202 });
  await told('POST /meeting/{meetingId}/cancel', { path: `/meeting/${id}/cancel`, status: 202 });
  const { body, headers } = await told('DELETE /meeting/{meetingId}', {
    path: `/meeting/${id}`,
    status: 202,
  });
  expect(headers.get('Location')).toBe(`/erasures/${body.erasureId}`);
  await told('GET /erasures/{erasureId}', { path: `/erasures/${body.erasureId}` });
});

test('an upload, and what is told of it as it comes', async () => {
  const form = new FormData();
  form.set('participants', JSON.stringify([{ name: 'Ben Ode', email: 'ben@example.com' }]));
  form.set('file', new Blob(['Ben: I will send the report by Friday.\n']), 'meeting.txt');
  const answer = await fetch(`${api.url}/upload`, { method: 'POST', body: form });
  const { status, headers } = answer;
  const body = (await answer.json()) as { meetingId: string };
  expect(status).toBe(201);
  expect(document.against('POST /upload', { status, headers, body })).toEqual([]);
  await api.send('POST', '/tasks', { body: { name: 'Buy milk', meetingId: body.meetingId } });
  const events = await document.eventsUntil(api.url, body.meetingId, (said) => said.length === 3);
  expect(events.map(({ type }) => type)).toEqual(['status', 'transcript', 'task']);
  for (const event of events)
    expect(document.violations(['components', 'schemas', 'MeetingEvent'], event)).toEqual([]);
});

test('an event of another shape would be noticed', async () => {
  const event = {
    seq: 1,
    type: 'status',
    at: '2026-11-23T09:00:00Z',
    meetingId: randomUUID(),
    status: 'asleep',
  };
  expect(document.violations(['components', 'schemas', 'MeetingEvent'], event)).not.toEqual([]);
});

test('problems', async () => {
  const { id } = await addUser(api.knex);
  const none = `/meeting/${id}`;
  expect((await told('GET /meeting/{meetingId}', { path: none, status: 404 })).body.code).toBe('not-found');
  const refused = await told('POST /tasks', { body: { name: '', colour: 'red' }, status: 400 });
  expect(refused.body.errors).toHaveLength(2);
  const stale = {
    headers: { 'If-Match': '"99"' },
    body: { name: 'x' },
    path: `/tasks/${task.id}`,
    status: 412,
  };
  await told('PUT /tasks/{id}', stale);
  await told('GET /meetings', { path: '/meetings?limit=0', status: 400 });
  await told('GET /calendar/connect', { status: 409 });
  await told('POST /webhooks/sendgrid', { body: {}, status: 404 });
});

test('how the server is', async () => {
  await told('GET /livez');
  await told('GET /readyz');
  await told('GET /metrics');
  await told('GET /docs');
  await told('GET /openapi.json');
});

/** Left out: they need Google, or have no JSON. */
const ELSEWHERE = [
  'DELETE /calendar',
  'GET /calendar/callback',
  'GET /calendar/connect',
  'GET /docs/{file}',
  'GET /meeting/{meetingId}/media',
  'POST /webhooks/sendgrid',
];

test('no operation was forgotten', () => {
  const seen = new Set(
    [...document.seen]
      .filter((each) => !each.endsWith('default'))
      .map((each) => each.split(' ').slice(0, 2).join(' ')),
  );
  const all = Object.entries<object>(described.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(all.filter((each) => !seen.has(each)).sort()).toEqual(ELSEWHERE);
});
