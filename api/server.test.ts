/** What never reaches Koa, said over a raw socket. */
import { connect } from 'node:net';
import { startTestApi, type TestApi } from '../test/support/api';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

/** Everything that the server says until it closes the connection, or until `enough`. */
function say(request: string, enough = /"code":"[a-z-]+"/): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const socket = connect(api.port, '127.0.0.1', () => socket.write(request));
    socket.setTimeout(15_000, () => socket.destroy(new Error(`still waiting; so far: ${said}`)));
    socket.on('data', (chunk) => {
      said += chunk.toString();
      if (enough.test(said)) socket.destroy();
    });
    socket.on('error', (error) => (enough.test(said) ? resolve(said) : reject(error)));
    socket.on('close', () => resolve(said));
  });
}

const HOST = 'Host: 127.0.0.1\r\n';
const JSON_TYPE = 'Content-Type: application/json\r\n';
const post = (headers: string, body: string) =>
  `POST /tasks HTTP/1.1\r\n${HOST}${JSON_TYPE}${headers}\r\n${body}`;

test.each([
  ['no HTTP', 'hello\r\n\r\n', 400, 'malformed-request'],
  ['no Host', 'GET /me HTTP/1.1\r\n\r\n', 400, 'malformed-request'],
  [
    'Content-Length and Transfer-Encoding',
    post('Content-Length: 2\r\nTransfer-Encoding: chunked\r\n', '{}'),
    400,
    'malformed-request',
  ],
  ['a bad chunk', post('Transfer-Encoding: chunked\r\n', 'zz\r\n{}\r\n'), 400, 'malformed-request'],
  ['two Content-Lengths', post('Content-Length: 2\r\nContent-Length: 3\r\n', '{}'), 400, 'malformed-request'],
  ['a negative Content-Length', post('Content-Length: -1\r\n', '{}'), 400, 'malformed-request'],
  [
    'a header of 17 KB',
    `GET /me HTTP/1.1\r\n${HOST}X-Long: ${'x'.repeat(17_000)}\r\n\r\n`,
    431,
    'header-too-large',
  ],
  ['NUL in a header', `GET /me HTTP/1.1\r\n${HOST}X-A: a\u0000b\r\n\r\n`, 400, 'malformed-request'],
  ['an unknown method', `FROB /me HTTP/1.1\r\n${HOST}\r\n`, 400, 'malformed-request'],
  [
    'a proxy request',
    'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n',
    405,
    'method-not-allowed',
  ],
  [
    'an upgrade',
    `GET /me HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    400,
    'malformed-request',
  ],
  ['TRACE', `TRACE /me HTTP/1.1\r\n${HOST}\r\n`, 405, 'method-not-allowed'],
  ['a malformed escape', `GET /task/%E0%A4%A HTTP/1.1\r\n${HOST}\r\n`, 400, 'invalid-parameter'],
  ['an unknown expectation', `GET /x HTTP/1.1\r\n${HOST}Expect: 42\r\n\r\n`, 404, 'not-found'],
  ['dots', `GET /../../etc/passwd HTTP/1.1\r\n${HOST}\r\n`, 404, 'not-found'],
  ['a raw emoji in the path', `GET /\u{1f600} HTTP/1.1\r\n${HOST}\r\n`, 400, 'malformed-request'],
  ['another host', 'GET /me HTTP/1.1\r\nHost: rebound.evil.example\r\n\r\n', 421, 'host-not-allowed'],
  [
    'an emoji for a request id',
    `GET /x HTTP/1.1\r\n${HOST}X-Request-Id: \u{1f600}\u{1f600}\u{1f600}\r\n\r\n`,
    404,
    'not-found',
  ],
])('%s', async (_, request, status, code) => {
  const answer = await say(request);
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(head).toMatch(/^content-type: application\/problem\+json/im);
  expect(head).toMatch(/^x-request-id: [\w-]+/im);
  const problem = JSON.parse(body.replace(/^[0-9a-f]+\r\n/, '').replace(/\r\n0?$/, ''));
  expect(problem).toMatchObject({ type: `/problems/${code}`, status, code, title: expect.any(String) });
});

test('200 headers are fine', async () => {
  const headers = Array.from({ length: 200 }, (_, number) => `X-${number}: x\r\n`).join('');
  expect(await say(`GET /me HTTP/1.1\r\n${HOST}${headers}\r\n`, /"role"/)).toMatch(/^HTTP\/1\.1 200 /);
});

test('spoofed forwarding headers change nothing', async () => {
  const headers =
    'X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\n';
  const answer = await say(`GET /me HTTP/1.1\r\n${HOST}${headers}\r\n`, /"role"/);
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(answer).not.toMatch(/evil\.example/);
});

test('a client that leaves in the middle of a body harms nobody', async () => {
  await new Promise<void>((resolve) => {
    const socket = connect(api.port, '127.0.0.1', () => {
      socket.write(post('Content-Length: 100\r\n', '{"name":'));
      socket.destroy();
    });
    socket.on('close', () => resolve());
  });
  expect((await api.send('GET', '/livez')).status).toBe(200);
  expect(await api.knex('tasks')).toEqual([]);
});

test('Expect: 100-continue is answered, the body may follow', async () => {
  const request = post('Content-Length: 12\r\nExpect: 100-continue\r\n', '');
  expect(await say(request, /100 Continue/)).toMatch(/^HTTP\/1\.1 100 Continue/);
});

test('a HEAD has the headers of a GET', async () => {
  expect(await say(`HEAD /livez HTTP/1.1\r\n${HOST}\r\n`, /\r\n\r\n/)).toMatch(
    /^HTTP\/1\.1 200 [^]*content-length: \d+/i,
  );
});
