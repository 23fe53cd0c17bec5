import { LOCAL_USER } from '../src/db/seed';
import { startTestApi, type TestApi } from '../test/support/api';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

test('everybody is the local user while there is no sign-in', async () => {
  const { status, body } = await api.send('GET', '/me');
  expect(status).toBe(200);
  expect(body).toEqual({ ...LOCAL_USER, timezone: 'UTC', calendarConnected: false });
});

test('an unknown path is a problem document', async () => {
  const { status, body, headers } = await api.send('GET', '/nothing');
  expect(status).toBe(404);
  expect(headers.get('Content-Type')).toMatch(/^application\/problem\+json/);
  expect(body).toEqual({
    type: '/problems/not-found',
    title: expect.any(String),
    status: 404,
    detail: expect.any(String),
    instance: `/requests/${headers.get('X-Request-Id')}`,
    code: 'not-found',
  });
});

test('a known path with another method says which methods it knows', async () => {
  const { status, body, headers } = await api.send('DELETE', '/me');
  expect([status, body.code]).toEqual([405, 'method-not-allowed']);
  expect(headers.get('Allow')?.split(', ').sort()).toEqual(['GET', 'HEAD', 'OPTIONS']);
  expect((await api.send('OPTIONS', '/me')).status).toBe(204);
});

test('a harmless request id comes back, another is replaced', async () => {
  const kept = await api.send('GET', '/me', { headers: { 'X-Request-Id': 'front-end_0001' } });
  expect(kept.headers.get('X-Request-Id')).toBe('front-end_0001');
  const replaced = await api.send('GET', '/me', { headers: { 'X-Request-Id': '<script>alert(1)</script>' } });
  expect(replaced.headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
});

test('an unknown query parameter is refused', async () => {
  const { status, body } = await api.send('GET', '/me?admin=1');
  expect([status, body.code]).toEqual([400, 'invalid-parameter']);
  expect(body.errors).toEqual([expect.objectContaining({ pointer: '/admin', code: 'object.unknown' })]);
});
