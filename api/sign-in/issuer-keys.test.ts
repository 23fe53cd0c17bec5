/** Outages and rotations of the issuer, with a clock that the test moves. */
import { jwtVerify, type JWTVerifyGetKey } from 'jose';
import { startTestApi } from '../../test/support/api';
import { TestIssuer } from '../../test/support/issuer';
import { issuerKeys } from './issuer-keys';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const DISCOVERY = '/.well-known/openid-configuration';

let issuer: TestIssuer;
let keys: JWTVerifyGetKey;
beforeEach(async () => {
  issuer = await TestIssuer.start();
  keys = issuerKeys({ issuer: issuer.url, jwksUrl: null });
});
afterEach(() => {
  jest.restoreAllMocks();
  return issuer.close();
});

/** Every clock that keys are aged by. */
function later(ms: number): void {
  const [wall, monotonic] = [Date.now() + ms, performance.now() + ms];
  jest.spyOn(Date, 'now').mockReturnValue(wall);
  jest.spyOn(performance, 'now').mockReturnValue(monotonic);
}

/** `ok`, or the code of the error. */
async function verify(token: string, by = keys): Promise<string> {
  return jwtVerify(token, by).then(
    () => 'ok',
    (error: { code: string }) => error.code,
  );
}

test('the discovery document says where they are; they are kept ten minutes', async () => {
  const token = await issuer.token();
  expect(issuer.asked).toEqual([]);
  expect([await verify(token), await verify(token)]).toEqual(['ok', 'ok']);
  expect(issuer.asked).toEqual([DISCOVERY, '/keys']);
  later(9 * MINUTE_MS);
  await verify(token);
  expect(issuer.keyFetches).toBe(1);
  later(2 * MINUTE_MS);
  await verify(token);
  expect(issuer.keyFetches).toBe(2);
});

test('many first tokens at once fetch once', async () => {
  const token = await issuer.token();
  const found = await Promise.all(Array.from({ length: 10 }, () => verify(token)));
  expect([new Set(found), issuer.keyFetches]).toEqual([new Set(['ok']), 1]);
});

test('a rotated key is picked up, with one fetch per cooldown', async () => {
  const old = await issuer.token();
  await verify(old);
  await issuer.rotate();
  const rotated = await issuer.token();
  expect([await verify(rotated), await verify(rotated)]).toEqual(Array(2).fill('ERR_JWKS_NO_MATCHING_KEY'));
  expect(issuer.keyFetches).toBe(1);
  later(31 * SECOND_MS);
  expect([await verify(rotated), await verify(rotated)]).toEqual(['ok', 'ok']);
  expect([await verify(old), issuer.keyFetches]).toEqual(['ERR_JWKS_NO_MATCHING_KEY', 2]);
});

describe('while the issuer is away', () => {
  test('known keys go on for an hour, and it is asked once per cooldown', async () => {
    const token = await issuer.token();
    await verify(token);
    issuer.goAway();
    expect(await verify(token)).toBe('ok');
    later(11 * MINUTE_MS);
    const asked = issuer.asked.length;
    expect([await verify(token), await verify(token)]).toEqual(['ok', 'ok']);
    expect(issuer.asked.length).toBe(asked + 1);
    later(50 * MINUTE_MS);
    expect(await verify(token)).toBe('service-unavailable');
  });

  test('a token with an unknown key can not be judged', async () => {
    await verify(await issuer.token());
    await issuer.rotate();
    issuer.goAway();
    later(31 * SECOND_MS);
    expect(await verify(await issuer.token())).toBe('service-unavailable');
  });

  test('nothing known: the api says when to come again, and recovers', async () => {
    const api = await startTestApi({ env: issuer.env });
    issuer.goAway();
    const headers = { Authorization: `Bearer ${await issuer.token()}` };
    const { status, body, headers: answered } = await api.send('GET', '/me', { headers });
    expect([status, body.code]).toEqual([503, 'service-unavailable']);
    expect(Number(answered.get('Retry-After'))).toBe(30);
    expect((await api.send('GET', '/livez')).status).toBe(200);
    issuer.comeBack();
    const token = await issuer.token();
    issuer.goAway();
    expect(await verify(token)).toBe('service-unavailable');
    issuer.comeBack();
    expect(await verify(token)).toBe('service-unavailable');
    later(31 * SECOND_MS);
    expect(await verify(token)).toBe('ok');
    await api.close();
  });
});

test('without a discovery document they are where Supabase Auth has them', async () => {
  issuer.answers.set(DISCOVERY, { status: 404, body: '' });
  issuer.answers.set('/.well-known/jwks.json', {
    status: 200,
    body: JSON.stringify({ keys: [issuer.publicJwk] }),
  });
  expect(await verify(await issuer.token())).toBe('ok');
  expect(issuer.asked).toEqual([DISCOVERY, '/.well-known/jwks.json']);
});

test('a configured address is the only one asked', async () => {
  const told = issuerKeys({ issuer: 'https://issuer.example.com', jwksUrl: `${issuer.url}/keys` });
  expect(await verify(await issuer.token(), told)).toBe('ok');
  expect(issuer.asked).toEqual(['/keys']);
});

test.each([
  ['an answer of 500', DISCOVERY, { status: 500, body: '{}' }],
  ['a page instead of the document', DISCOVERY, { status: 200, body: '<html>' }],
  ['null', DISCOVERY, { status: 200, body: 'null' }],
  ['the document of another issuer', DISCOVERY, { status: 200, body: '{"issuer":"https://x.example.com"}' }],
  ['a page instead of keys', '/keys', { status: 200, body: '<html>' }],
  ['a redirect', '/keys', { status: 302, body: '' }],
  ['something else than keys', '/keys', { status: 200, body: '{"keys":"none"}' }],
])('%s counts as away', async (_what, path, answer) => {
  issuer.answers.set(path, answer);
  expect(await verify(await issuer.token())).toBe('service-unavailable');
});

test('a document that sends us to plain http elsewhere counts as away', async () => {
  const body = JSON.stringify({ issuer: issuer.url, jwks_uri: 'http://169.254.169.254/keys' });
  issuer.answers.set(DISCOVERY, { status: 200, body });
  expect(await verify(await issuer.token())).toBe('service-unavailable');
});
