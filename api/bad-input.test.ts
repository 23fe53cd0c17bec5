/** Everything wrong that a client can send as JSON, path, query or header: a 4xx problem each time, and no row. */
import { startTestApi, type TestApi } from '../test/support/api';
import { BAD_INPUT } from '../test/support/bad-input';
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

test.each(BAD_INPUT)(
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
