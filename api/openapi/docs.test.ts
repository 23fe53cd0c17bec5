/** The page at /docs: everything from here, and nothing but what it consists of. */
import { runInNewContext } from 'node:vm';
import { startTestApi, type TestApi } from '../../test/support/api';
import { TestIssuer } from '../../test/support/issuer';
import snapshot from '../../docs/openapi.json';

let issuer: TestIssuer;
let api: TestApi;
beforeAll(async () => {
  issuer = await TestIssuer.start();
  api = await startTestApi({ env: issuer.env });
});
afterAll(() => Promise.all([api.close(), issuer.close()]));

test('the document is for everybody, and is the one in the repository', async () => {
  const { status, body, headers } = await api.send('GET', '/openapi.json');
  expect([status, headers.get('Content-Type')]).toEqual([200, 'application/json; charset=utf-8']);
  expect(body).toEqual(snapshot);
});

test.each(['/openapi.json', '/docs', '/docs/swagger-ui.css'])('%s is sent once', async (path) => {
  const first = await api.send('GET', path);
  const known = { 'If-None-Match': first.headers.get('ETag')! };
  expect((await api.send('GET', path, { headers: known })).status).toBe(304);
  expect((await api.send('GET', path, { headers: { 'If-None-Match': 'W/"x"' } })).status).toBe(200);
});

test('the page may run and load what is here, and all of that is here', async () => {
  const { body, headers } = await api.send('GET', '/docs');
  expect(headers.get('Content-Type')).toBe('text/html; charset=utf-8');
  const policy = headers.get('Content-Security-Policy')!;
  expect(policy).toMatch(
    /default-src 'none'.*script-src 'self';.*connect-src 'self'.*frame-ancestors 'none'/,
  );
  expect(policy).not.toMatch(/unsafe|http|\*/);
  const links = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link as string);
  const files = links.filter((link) => !link.startsWith('data:'));
  expect(files).toHaveLength(3);
  for (const file of files) {
    expect(file).toMatch(/^\/docs\//);
    const { status, headers: sent } = await api.send('GET', file);
    expect([file, status, sent.get('Content-Type')]).toEqual([
      file,
      200,
      file.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8',
    ]);
  }
});

test('it starts with our document and asks no foreign service about it', async () => {
  const { body } = await api.send('GET', '/docs/start.js');
  const asked: object[] = [];
  runInNewContext(body, { SwaggerUIBundle: (options: object) => asked.push({ ...options }) });
  expect(asked).toEqual([expect.objectContaining({ url: '/openapi.json', validatorUrl: null })]);
});

test.each([
  '/docs/package.json',
  '/docs/index.html',
  '/docs/..%2f..%2fpackage.json',
  '/docs/..%5cpackage.json',
  '/docs/swagger-ui.css%00',
  '/docs/__proto__',
  '/docs/swagger-ui.css/../../package.json',
])('%s is not served', async (path) => {
  const { status, body } = await api.send('GET', path);
  expect([400, 404]).toContain(status);
  expect(body.code).toBeDefined();
});

test('other answers keep their policy', async () => {
  const { headers } = await api.send('GET', '/livez');
  expect(headers.get('Content-Security-Policy')).toBe("default-src 'none'; frame-ancestors 'none'");
});
