/** Everything that looks like a token and signs nobody in: 401, and no row. Rows 34–39 of the table of bad inputs. */
import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  SignJWT,
  UnsecuredJWT,
  type CryptoKey,
} from 'jose';
import { startTestApi, type TestApi } from '../../test/support/api';
import { TestIssuer } from '../../test/support/issuer';

let issuer: TestIssuer;
let attacker: TestIssuer;
let api: TestApi;
beforeAll(async () => {
  issuer = await TestIssuer.start();
  attacker = await TestIssuer.start();
  api = await startTestApi({ env: issuer.env });
});
afterAll(() => Promise.all([api.close(), issuer.close(), attacker.close()]));

const me = (authorization?: string) =>
  api.send('GET', '/me', authorization === undefined ? {} : { headers: { Authorization: authorization } });

const now = () => Math.floor(Date.now() / 1000);
const users = () => api.knex('users').select('*').orderBy('id');

/** Signed with the attacker's key, in the issuer's name. */
const byAttacker = (header: object = {}) =>
  attacker.token(issuer.usual, { kid: issuer.publicJwk.kid!, ...header });

/** The published key taken for a shared secret. */
async function signedWithPublicKey(form: 'pem' | 'jwk'): Promise<string> {
  const publicKey = (await importJWK(issuer.publicJwk, 'RS256', { extractable: true })) as CryptoKey;
  const secret = form === 'pem' ? await exportSPKI(publicKey) : JSON.stringify(issuer.publicJwk);
  return new SignJWT({ ...issuer.usual, exp: now() + 3600 })
    .setProtectedHeader({ alg: 'HS256', kid: issuer.publicJwk.kid! })
    .sign(new TextEncoder().encode(secret));
}

async function withPayload(change: object): Promise<string> {
  const [header, payload, signature] = (await issuer.token()).split('.');
  const claims = { ...JSON.parse(Buffer.from(payload!, 'base64url').toString()), ...change };
  return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
}

const TOKENS: Record<string, () => string | Promise<string>> = {
  words: () => 'garbage',
  'three words': () => 'a.b.c',
  'five parts': () => 'a.b.c.d.e',
  'alg none': () => new UnsecuredJWT(issuer.usual).setExpirationTime('1h').encode(),
  'alg none, capitals': async () =>
    `${Buffer.from('{"alg":"NONE"}').toString('base64url')}.${(await issuer.token()).split('.')[1]}.`,
  'no signature': async () => (await issuer.token()).replace(/[^.]*$/, ''),
  'HS256 with the public key as PEM': () => signedWithPublicKey('pem'),
  'HS256 with the public key as JWK': () => signedWithPublicKey('jwk'),
  'another key, the same kid': () => byAttacker(),
  'an unknown kid': () => byAttacker({ kid: 'unknown' }),
  'a kid that is a path': () => byAttacker({ kid: '../../../../dev/null' }),
  'a kid that is SQL': () => byAttacker({ kid: "' union select 'secret'--" }),
  'jku of the attacker': () => byAttacker({ jku: `${attacker.url}/keys`, kid: attacker.publicJwk.kid! }),
  'x5u of the attacker': () => byAttacker({ x5u: `${attacker.url}/keys` }),
  'its own jwk': () => byAttacker({ jwk: attacker.publicJwk }),
  'another payload': () => withPayload({ email: 'boss@example.com' }),
  expired: () => issuer.token({ exp: now() - 90 }),
  'no expiry': () => issuer.token({ exp: undefined }),
  'an expiry that is text': () => issuer.token({ exp: '9999999999' }),
  'not yet valid': () => issuer.token({ nbf: now() + 90 }),
  'another audience': () => issuer.token({ aud: 'another-app' }),
  'no audience': () => issuer.token({ aud: undefined }),
  'another issuer': () => issuer.token({ iss: 'https://issuer.example.org' }),
  'an issuer that begins alike': () => issuer.token({ iss: `${issuer.url}.example.org` }),
  'no issuer': () => issuer.token({ iss: undefined }),
  'a logout token': () => issuer.token({}, { typ: 'logout+jwt' }),
  'an extension nobody knows': () => issuer.token({}, { crit: ['urn:x'], 'urn:x': 1 }),
  'no address': () => issuer.token({ email: undefined }),
  'an empty address': () => issuer.token({ email: '' }),
  'an address that is a list': () => issuer.token({ email: ['ben@example.com'] }),
  'two addresses': () => issuer.token({ email: 'ben@example.com, boss@example.com' }),
  'an address that is not verified': () => issuer.token({ email_verified: false }),
  'an address that is not verified, in words': () => issuer.token({ email_verified: 'false' }),
  'the user of local mode': () => issuer.token({ email: 'You@example.com' }),
  '9 KB': () => issuer.token({ padding: 'x'.repeat(9_000) }),
};

test.each(Object.keys(TOKENS))('%s', async (what) => {
  const before = await users();
  const { status, body, headers } = await me(`Bearer ${await TOKENS[what]!()}`);
  expect([status, body.code]).toEqual([401, 'unauthenticated']);
  expect(headers.get('WWW-Authenticate')).toBe('Bearer error="invalid_token"');
  expect(headers.get('Content-Type')).toMatch(/^application\/problem\+json/);
  expect(await users()).toEqual(before);
});

test.each(['', 'Bearer', 'Bearer ', 'Basic YmVuOnNlY3JldA==', 'Token abc', 'Bearer a b', 'Bearer ü'])(
  'the header "%s"',
  async (header) => {
    const { status, body, headers } = await me(header);
    expect([status, body.code, headers.get('WWW-Authenticate')]).toEqual([401, 'unauthenticated', 'Bearer']);
  },
);

test('no header; a token in the address does not count', async () => {
  const { status, headers } = await me();
  expect([status, headers.get('WWW-Authenticate')]).toEqual([401, 'Bearer']);
  expect((await api.send('GET', `/me?access_token=${await issuer.token()}`)).status).toBe(401);
});

test('50 KB are refused before anything reads them', async () => {
  const { status, body } = await me(`Bearer ${'x'.repeat(50_000)}`);
  expect([status, body.code]).toEqual([431, 'header-too-large']);
});

test('nobody asked the attacker for keys, and the issuer only once', async () => {
  await me(`Bearer ${await issuer.token()}`);
  expect(attacker.asked).toEqual([]);
  expect(issuer.keyFetches).toBe(1);
});

test.each([
  ['ES256', 'at+jwt'],
  ['PS256', 'application/at+jwt'],
  ['EdDSA', undefined],
])('%s with type %s is fine', async (alg, typ) => {
  const other = await TestIssuer.start();
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  other.publicJwk = { ...(await exportJWK(publicKey)), kid: alg };
  const another = await startTestApi({ env: other.env });
  const token = await other.token({}, { alg, typ } as object, privateKey);
  const { status } = await another.send('GET', '/me', { headers: { Authorization: `bearer ${token}` } });
  await Promise.all([another.close(), other.close()]);
  expect(status).toBe(200);
});
