/** Who somebody is once their token is right. */
import { LOCAL_USER } from '../../src/db/seed';
import { User } from '../../src/models/user';
import { startTestApi, type TestApi } from '../../test/support/api';
import { TestIssuer, type Claims } from '../../test/support/issuer';
import { eventually } from '../../test/support/poll';
import { addMeeting, addParticipant, addUser } from '../../test/support/rows';

let issuer: TestIssuer;
let api: TestApi;
beforeAll(async () => {
  issuer = await TestIssuer.start();
  api = await startTestApi({ env: { ...issuer.env, ADMIN_EMAILS: 'Boss@example.com' } });
});
afterAll(() => Promise.all([api.close(), issuer.close()]));

async function as(claims: Claims, method = 'GET', path = '/me', body?: unknown) {
  const headers = { Authorization: `Bearer ${await issuer.token(claims)}` };
  return api.send(method, path, { headers, ...(body !== undefined && { body }) });
}

/** Nobody else has it. */
let count = 0;
const address = () => `person-${(count += 1)}@example.com`;

test('the first token makes a member, the next ones find them', async () => {
  const email = address();
  const first = await as({ email: email.toUpperCase(), name: '  Zoe\u0000 Lind ' });
  expect(first.body).toEqual({
    id: expect.any(String),
    name: 'Zoe Lind',
    email,
    role: 'member',
    timezone: 'UTC',
    calendarConnected: false,
  });
  expect((await as({ email, name: 'Another' })).body).toEqual(first.body);
});

test.each([
  [{ name: undefined, preferred_username: 'zoe.l' }, 'zoe.l'],
  [{ name: ' ', preferred_username: 7 }, 'person'],
  [{ name: '😀'.repeat(300) }, '😀'.repeat(200)],
])('without a usable name: %p', async (claims, name) => {
  const { body } = await as({ email: `person@${(count += 1)}.example.com`, ...claims });
  expect(body.name).toBe(name);
});

test('first requests at once make one user', async () => {
  const email = address();
  const headers = { Authorization: `Bearer ${await issuer.token({ email })}` };
  // All have looked and found nobody before the first may write.
  const lock = await api.knex.transaction();
  await lock.raw('lock table users in exclusive mode');
  const asked = Promise.all(Array.from({ length: 4 }, () => api.send('GET', '/me', { headers })));
  await eventually(async () => (await waitingForUsers()) === 4);
  await lock.commit();
  const answers = await asked;
  const { id } = await User.query(api.knex).findOne({ email }).throwIfNotFound();
  expect(answers.map(({ status, body }) => [status, body.id])).toEqual(Array(4).fill([200, id]));
});

async function waitingForUsers(): Promise<number> {
  const waiting = api.knex('pg_locks').whereRaw("not granted and relation = 'users'::regclass");
  return (await waiting.select('pid')).length;
}

test('a participant of an earlier meeting is the same person, under the name they have', async () => {
  const zoe = await addUser(api.knex, { email: address(), name: 'Zoe' });
  const meeting = await addMeeting(api.knex);
  await addParticipant(api.knex, meeting, zoe);
  expect((await as({ email: zoe.email })).body).toMatchObject({ id: zoe.id, name: 'Zoe' });
  expect((await as({ email: zoe.email }, 'GET', `/meeting/${meeting.id}`)).status).toBe(200);
});

test("another's meeting is not there", async () => {
  const [mine, other] = [address(), address()];
  const ownerId = (await as({ email: mine })).body.id;
  const { id } = await addMeeting(api.knex, { ownerId });
  expect((await as({ email: mine }, 'GET', `/meeting/${id}`)).status).toBe(200);
  expect((await as({ email: other }, 'GET', `/meeting/${id}`)).status).toBe(404);
  expect((await as({ email: other }, 'GET', '/meetings')).body.data).toEqual([]);
  expect((await as({ email: 'boss@example.com' }, 'GET', `/meeting/${id}`)).status).toBe(200);
});

test('whoever was deleted begins anew, as a member with nothing', async () => {
  const email = address();
  const before = await as({ email });
  const boss = { email: 'boss@example.com' };
  expect((await as(boss, 'DELETE', `/users/${before.body.id}`)).status).toBe(204);
  const after = await as({ email });
  expect(after.body).toMatchObject({ email, role: 'member' });
  expect(after.body.id).not.toBe(before.body.id);
});

describe('admins', () => {
  test('are listed: whoever is in ADMIN_EMAILS, also when they were a member before', async () => {
    await User.query(api.knex)
      .insert({ email: 'boss@example.com', name: 'Boss' })
      .onConflict('email')
      .merge({ role: 'member' });
    expect((await as({ email: 'BOSS@example.com' })).body.role).toBe('admin');
  });

  test('that left the list are members again; those that an admin made stay', async () => {
    const [listed, made] = [address(), address()];
    await User.query(api.knex).insert({ email: listed, name: 'x', role: 'admin', adminByConfig: true });
    const { id } = (await as({ email: made })).body;
    await as({ email: 'boss@example.com' }, 'PUT', `/users/${id}`, { role: 'admin' });
    expect((await as({ email: listed })).body.role).toBe('member');
    expect((await as({ email: made })).body.role).toBe('admin');
  });
});

test('clocks may differ by a minute', async () => {
  const now = Math.floor(Date.now() / 1000);
  const { status } = await as({ nbf: now + 40, exp: now - 40 });
  expect(status).toBe(200);
});

test('health checks need no token, everything else does', async () => {
  for (const path of ['/livez', '/readyz']) expect((await api.send('GET', path)).status).toBe(200);
  for (const path of ['/meetings', '/users', `/tasks/${LOCAL_USER.id}`])
    expect((await api.send('GET', path)).status).toBe(401);
  const upload = await api.send('POST', '/upload', { headers: { 'Content-Type': 'multipart/form-data' } });
  expect(upload.status).toBe(401);
});

test('no audience configured: tokens for any count', async () => {
  const open = await startTestApi({ env: { AUTH_ISSUER: issuer.url } });
  const headers = { Authorization: `Bearer ${await issuer.token({ aud: 'another-app' })}` };
  const { status } = await open.send('GET', '/me', { headers });
  await open.close();
  expect(status).toBe(200);
});
