/** Everything wrong that a client can send as JSON, path, query or header: a 4xx problem each time, and no row. */
import { randomUUID } from 'node:crypto';
import { LOCAL_USER } from '../src/db/seed';
import { startTestApi, type TestApi } from '../test/support/api';
import { addMeeting, addTask } from '../test/support/rows';

let api: TestApi;
let task: string;
let meeting: string;
beforeAll(async () => {
  api = await startTestApi({ env: { CORS_ORIGINS: 'https://app.example.com' } });
  task = (await addTask(api.knex)).id;
  meeting = (await addMeeting(api.knex)).id;
});
afterAll(() => api.close());

const TABLES = [
  'users',
  'meetings',
  'tasks',
  'deliveries',
  'requests',
  'meeting_participants',
  'meeting_events',
];

/** All rows of all tables that these routes write. */
async function snapshot(): Promise<unknown> {
  return Promise.all(TABLES.map((table) => api.knex(table).select('*').orderBy(api.knex.raw('1, 2'))));
}

interface Bad {
  what: string;
  method?: string;
  path?: string;
  body?: unknown;
  headers?: Record<string, string>;
  answer: [status: number, code: string];
}

const INVALID: Bad['answer'] = [400, 'invalid-body'];
const PARAMETER: Bad['answer'] = [400, 'invalid-parameter'];
const MALFORMED: Bad['answer'] = [400, 'malformed-json'];
const UNSUPPORTED: Bad['answer'] = [415, 'unsupported-media-type'];
const NOT_FOUND: Bad['answer'] = [404, 'not-found'];

const json = (type: string) => ({ 'Content-Type': type });
const nested = (depth: number) => `{"name":${'['.repeat(depth)}${']'.repeat(depth)}}`;

/** Rows 1–10: the shape of the request. All go to POST /tasks unless they say otherwise. */
const SHAPES: Bad[] = [
  { what: 'broken JSON', body: '{bad', answer: MALFORMED },
  { what: 'no body', answer: INVALID },
  { what: 'an empty body', body: '', answer: INVALID },
  ...['null', '"x"', '1', 'true'].map((body): Bad => ({ what: `${body} as body`, body, answer: MALFORMED })),
  { what: 'a list as body', body: '[]', answer: INVALID },
  { what: '10 MB', body: { name: 'x'.repeat(10_000_000) }, answer: [413, 'payload-too-large'] },
  { what: '100,000 levels', body: nested(100_000), answer: MALFORMED },
  { what: '20 levels', body: nested(20), answer: MALFORMED },
  { what: 'duplicate keys', body: '{"name":"a","name":""}', answer: INVALID },
  { what: '__proto__', body: '{"name":"x","__proto__":{"role":"admin"}}', answer: MALFORMED },
  { what: 'constructor', body: '{"name":"x","constructor":{"prototype":{"a":1}}}', answer: [400, '*'] },
  { what: 'prototype', body: '{"name":"x","prototype":{"a":1}}', answer: INVALID },
  { what: 'text/plain', body: '{"name":"x"}', headers: json('text/plain'), answer: UNSUPPORTED },
  { what: 'a form', body: 'name=x', headers: json('application/x-www-form-urlencoded'), answer: UNSUPPORTED },
  { what: 'a broken content type', body: '{"name":"x"}', headers: json(';;'), answer: UNSUPPORTED },
  {
    what: 'utf-16',
    body: '{"name":"x"}',
    headers: json('application/json; charset=utf-16'),
    answer: UNSUPPORTED,
  },
  { what: 'gzip', body: '{}', headers: { 'Content-Encoding': 'gzip' }, answer: UNSUPPORTED },
];

/** Rows 16–20: path, query, headers. */
const ADDRESSES: Bad[] = [
  { what: 'an unknown verb', method: 'PROPFIND', path: '/tasks', answer: [405, 'method-not-allowed'] },
  { what: 'an unknown verb, unknown path', method: 'PROPFIND', path: '/x', answer: NOT_FOUND },
  ...['%E0%A4%A', '%00', '%2e%2e%2f', `{${randomUUID()}}`, 'x'.repeat(8000), '1'].map((id): Bad => ({
    what: `id ${id.slice(0, 12)}`,
    method: 'GET',
    path: `/task/${id}`,
    answer: PARAMETER,
  })),
  { what: 'two slashes', method: 'GET', path: '//', answer: NOT_FOUND },
  { what: 'a nil id', method: 'GET', path: '/task/00000000-0000-0000-0000-000000000000', answer: NOT_FOUND },
  { what: 'no id at all', method: 'GET', path: '/task/', answer: NOT_FOUND },
  ...['1&limit=2', '-1', '0', '1e3', 'NaN', '101', '1.5', '%201', '', '1;drop table users'].map(
    (limit): Bad => ({
      what: `limit=${limit}`,
      method: 'GET',
      path: `/meetings?limit=${limit}`,
      answer: PARAMETER,
    }),
  ),
  { what: 'limit[$gt]', method: 'GET', path: '/meetings?limit[$gt]=1', answer: PARAMETER },
  { what: 'an unknown status', method: 'GET', path: '/meetings?status=READY', answer: PARAMETER },
  { what: 'SQL in a filter', method: 'GET', path: "/meetings?status='or 1=1--", answer: PARAMETER },
  { what: 'NUL alone in the search words', method: 'GET', path: '/meetings?q=%00', answer: PARAMETER },
  { what: 'blank search words', method: 'GET', path: '/meetings?q=%20', answer: PARAMETER },
  { what: 'a sort that nobody offers', method: 'GET', path: '/meetings?sort=title', answer: PARAMETER },
  {
    what: 'a day that is none',
    method: 'GET',
    path: `/tasks/${LOCAL_USER.id}?dueBefore=2026-02-30`,
    answer: PARAMETER,
  },
  { what: 'a huge cursor', method: 'GET', path: `/meetings?cursor=${'A'.repeat(4000)}`, answer: PARAMETER },
  { what: 'a query on a route without one', method: 'GET', path: '/me?x=1', answer: PARAMETER },
  {
    what: 'Origin: null',
    body: { name: 'x' },
    headers: { Origin: 'null' },
    answer: [403, 'origin-not-allowed'],
  },
  {
    what: 'an origin that looks alike',
    body: { name: 'x' },
    headers: { Origin: 'https://app.example.com.evil.org' },
    answer: [403, 'origin-not-allowed'],
  },
];

/** Rows 21–33: values of a task. */
const VALUES: Bad[] = [
  ...[
    ['name', ''],
    ['name', '   '],
    ['name', '\u0000'],
    ['name', null],
    ['name', 1],
    ['name', ['x']],
    ['name', { $ne: '' }],
    ['name', 'x'.repeat(501)],
    ['name', 'x'.repeat(900_000)],
    ['category', 'x'.repeat(51)],
    ['category', ''],
    ['status', 'DONE'],
    ['status', null],
    ['owner', 'me'],
    ['owner', randomUUID()],
    ['owner', `{${randomUUID()}}`],
    ['owner', 2 ** 53],
    ['owner', '\ud800'],
    ['meetingId', randomUUID()],
    ['meetingId', LOCAL_USER.id],
    ['id', randomUUID()],
    ['version', 9],
    ['needsReview', false],
    ['createdBy', LOCAL_USER.id],
    ...[
      '2026-02-30',
      '2026-13-01',
      '0000-01-01',
      '1899-12-31',
      '+275760-09-13',
      '2026-11-23T24:00:00Z',
      '2026-11-23T10:00:00',
      '2026-11-23T10:00Z',
      '2026-11-23T10:00:00+24:00',
      '2026-11-23T10:00:60Z',
      '2026-02-30T10:00:00Z',
      'tomorrow',
      '',
      '2026-11-23\u0000',
      1_700_000_000_000,
      1e308,
      true,
      [],
    ].map((value) => ['deadline', value]),
  ].map(([field, value]): Bad => ({
    what: `${String(field)}: ${String(JSON.stringify(value)).slice(0, 30)}`,
    body: { name: 'x', [field as string]: value },
    answer: INVALID,
  })),
  { what: '1e309', body: '{"name":"x","deadline":1e309}', answer: INVALID },
];

const user = (fields: object) => ({ name: 'x', email: 'x@example.com', ...fields });

const USERS: Bad[] = [
  ...[
    'a@b',
    'x',
    `${'x'.repeat(300)}@example.com`,
    'a\r\nBcc: x@y.com',
    '"a\r\nBcc: x"@example.com',
    'A <a@example.com>',
    'a@example.com\u0000',
    ' a@example.com',
    null,
    ['a@example.com'],
  ].map((email): Bad => ({
    what: `e-mail ${String(email).slice(0, 20)}`,
    body: user({ email }),
    answer: INVALID,
  })),
  { what: 'an unknown role', body: user({ role: 'root' }), answer: INVALID },
  { what: 'an unknown zone', body: user({ timezone: 'Mars/Olympus' }), answer: INVALID },
  { what: 'a zone that is a path', body: user({ timezone: '../../etc/passwd' }), answer: INVALID },
  { what: 'an offset for a zone', body: user({ timezone: 'UTC+1' }), answer: INVALID },
  { what: 'an id', body: user({ id: randomUUID() }), answer: INVALID },
  { what: 'calendarConnected', body: user({ calendarConnected: true }), answer: INVALID },
  { what: 'a taken e-mail', body: user({ email: 'YOU@example.com' }), answer: [409, 'email-taken'] },
].map((bad) => ({ path: '/users', ...bad }) as Bad);

const person = { name: 'x', email: 'x@example.com' };

/** `:task` and `:meeting` stand for rows that exist. */
const OTHERS: Bad[] = [
  {
    what: 'a title that is none',
    method: 'PATCH',
    path: '/meeting/:meeting',
    body: { title: null },
    answer: INVALID,
  },
  {
    what: '1 MB of title',
    method: 'PATCH',
    path: '/meeting/:meeting',
    body: { title: 'x'.repeat(1e6) },
    answer: INVALID,
  },
  {
    what: 'the status',
    method: 'PATCH',
    path: '/meeting/:meeting',
    body: { status: 'ready' },
    answer: INVALID,
  },
  {
    what: '5,000 participants',
    method: 'PATCH',
    path: '/meeting/:meeting',
    body: { participants: Array(5000).fill(person) },
    answer: INVALID,
  },
  {
    what: 'a participant with a role',
    method: 'PATCH',
    path: '/meeting/:meeting',
    body: { participants: [{ ...person, role: 'admin' }] },
    answer: INVALID,
  },
  {
    what: 'speakers as a list',
    method: 'PATCH',
    path: '/meeting/:meeting',
    body: { speakers: ['x'] },
    answer: INVALID,
  },
  {
    what: 'a language that is none',
    path: '/transcribe/:meeting',
    body: { language: 'en; rm -rf /' },
    answer: INVALID,
  },
  {
    what: 'long instructions',
    path: '/extract/:meeting',
    body: { instructions: 'x'.repeat(4001) },
    answer: INVALID,
  },
  { what: 'no transcript', path: '/extract/:meeting', answer: [409, 'no-transcript'] },
  {
    what: 'a body where none belongs',
    path: '/meeting/:meeting/cancel',
    body: { force: true },
    answer: INVALID,
  },
  { what: 'another channel', path: '/notify/:task', body: { channels: ['sms'] }, answer: INVALID },
  { what: 'no channel', path: '/notify/:task', body: { channels: [] }, answer: INVALID },
  { what: 'a channel twice', path: '/notify/:task', body: { channels: ['email', 'email'] }, answer: INVALID },
  { what: 'resend: false', path: '/notify/:task', body: { resend: false }, answer: INVALID },
  { what: 'resend: "true"', path: '/notify/:task', body: { resend: 'true' }, answer: INVALID },
  { what: 'a recipient', path: '/notify/:task', body: { to: 'x@example.com' }, answer: INVALID },
  { what: 'a meeting for a task', path: '/notify/:meeting', answer: NOT_FOUND },
  { what: 'a task for a meeting', path: '/extract/:task', answer: NOT_FOUND },
  { what: 'an unknown meeting', path: `/transcribe/${randomUUID()}`, answer: NOT_FOUND },
  { what: 'a task for a user', method: 'GET', path: '/tasks/:task', answer: NOT_FOUND },
  {
    what: 'deleting oneself',
    method: 'DELETE',
    path: `/users/${LOCAL_USER.id}`,
    answer: [409, 'not-on-yourself'],
  },
  {
    what: 'needsReview: null',
    method: 'PUT',
    path: '/tasks/:task',
    body: { needsReview: null },
    answer: INVALID,
  },
  {
    what: 'moving a task',
    method: 'PUT',
    path: '/tasks/:task',
    body: { meetingId: randomUUID() },
    answer: INVALID,
  },
];

const ALL = [...SHAPES, ...ADDRESSES, ...VALUES, ...USERS, ...OTHERS].map((bad): Bad & { name: string } => ({
  ...bad,
  name: `${bad.method ?? 'POST'} ${(bad.path ?? '/tasks').slice(0, 60)}: ${bad.what}`,
}));

test.each(ALL)(
  '$name',
  async ({ method = 'POST', path = '/tasks', body, headers, answer: [status, code] }) => {
    const before = await snapshot();
    const address = path.replace(':task', task).replace(':meeting', meeting);
    const answer = await api.send(method, address, { body, ...(headers && { headers }) });
    expect([answer.status, answer.body.code]).toEqual([status, code === '*' ? answer.body.code : code]);
    expect(answer.headers.get('Content-Type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({
      type: `/problems/${answer.body.code}`,
      title: expect.any(String),
      status,
      detail: expect.any(String),
      instance: `/requests/${answer.headers.get('X-Request-Id')}`,
    });
    expect(JSON.stringify(answer.body).length).toBeLessThan(20_000);
    expect(await snapshot()).toEqual(before);
  },
);

test('all issues come at once', async () => {
  const { body } = await api.send('POST', '/tasks', { body: { status: 'x', deadline: 'y', 'a/b': 1 } });
  expect(body.errors.map((issue: { pointer: string }) => issue.pointer).sort()).toEqual([
    '/a~1b',
    '/deadline',
    '/name',
    '/status',
  ]);
});

test.each([
  ['a\u0000b', 'ab'],
  ['\ud800', '\ufffd'],
  ['\u202egnp.exe', '\u202egnp.exe'],
  [`Z${'\u0300'.repeat(100)}`, `Z${'\u0300'.repeat(100)}`],
  ['<script>alert(1)</script>', '<script>alert(1)</script>'],
  ['=HYPERLINK("http://x")', '=HYPERLINK("http://x")'],
  ['{{7*7}} ${jndi:ldap://x} %s', '{{7*7}} ${jndi:ldap://x} %s'],
  ["Robert'); DROP TABLE tasks;--", "Robert'); DROP TABLE tasks;--"],
  ['  padded  ', 'padded'],
])('the name %j is only a name', async (sent, kept) => {
  const { status, body } = await api.send('POST', '/tasks', { body: { name: sent } });
  expect([status, body.name]).toEqual([201, kept]);
});

test('an id in upper case is the same id', async () => {
  expect((await api.send('GET', `/task/${task.toUpperCase()}`)).body.id).toBe(task);
});

test('listed origins may read, others may not', async () => {
  const allowed = await api.send('GET', '/me', { headers: { Origin: 'https://app.example.com' } });
  expect(allowed.headers.get('Access-Control-Allow-Origin')).toBe('https://app.example.com');
  for (const origin of [
    'null',
    'https://app.example.com.evil.org',
    'https://evilapp.example.com',
    'http://app.example.com',
  ]) {
    const { headers } = await api.send('GET', '/me', { headers: { Origin: origin } });
    expect(headers.get('Access-Control-Allow-Origin')).toBeNull();
  }
});
