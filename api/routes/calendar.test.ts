import { CalendarEventRow } from '../../src/models/calendar-event';
import { Delivery } from '../../src/models/delivery';
import { Task } from '../../src/models/task';
import { User } from '../../src/models/user';
import { loadConfig } from '../../src/config';
import { createCalendarConsent } from '../../src/providers';
import { openGrant } from '../../src/providers/google/grant';
import { startTestApi, type TestApi } from '../../test/support/api';
import { addTask, addUser } from '../../test/support/rows';
import { CLIENT, GoogleStandIn, SCOPE, tokenError } from '../../test/support/vendors/google';
import { depart } from '../consent-state';

const TOKEN_KEY = Buffer.alloc(32, 'k').toString('base64');
const BACK = 'https://meetings.example.com/api/calendar/callback';

const google = new GoogleStandIn();
let api: TestApi;
let ben: User;

beforeAll(async () => {
  await google.listen();
  const env = {
    PUBLIC_URL: 'https://meetings.example.com/api/',
    CORS_ORIGINS: 'https://app.example.com',
    GOOGLE_CLIENT_ID: CLIENT.clientId,
    GOOGLE_CLIENT_SECRET: CLIENT.clientSecret,
    CALENDAR_TOKEN_KEY: TOKEN_KEY,
    GOOGLE_TOKEN_URL: google.tokenUrl,
    GOOGLE_AUTH_URL: 'https://consent.example.com/auth?hl=en',
  };
  const config = loadConfig({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', ...env });
  api = await startTestApi({ env, calendarConsent: createCalendarConsent(config) });
});
afterAll(async () => {
  await api.close();
  await google.close();
});
beforeEach(async () => {
  google.clear();
  ben = await addUser(api.knex);
});
afterEach(() => expect(google.violations).toEqual([]));

/** What Ben's browser has after `GET /calendar/connect`. */
async function setOut() {
  const { status, body, headers } = await api.send('GET', '/calendar/connect', { as: ben.id });
  expect(status).toBe(200);
  const setCookie = headers.get('Set-Cookie')!;
  const page = new URL(body.url as string);
  return { page, state: page.searchParams.get('state')!, setCookie, cookie: setCookie.split(';')[0]! };
}

const comeBack = (query: Record<string, string>, cookie?: string) =>
  api.send('GET', `/calendar/callback?${new URLSearchParams(query)}`, {
    headers: cookie === undefined ? {} : { Cookie: cookie },
  });

const consented = (scope = SCOPE) => google.tokens.consent(ben.email, BACK, scope);
const isConnected = async () => (await api.send('GET', '/me', { as: ben.id })).body.calendarConnected;

async function connected(): Promise<void> {
  const { state, cookie } = await setOut();
  expect((await comeBack({ state, code: consented() }, cookie)).status).toBe(200);
}

describe('connecting a calendar', () => {
  it('asks Google for the least that is needed, for as long as it lasts', async () => {
    const { page, setCookie } = await setOut();
    expect(page.origin + page.pathname).toBe('https://consent.example.com/auth');
    expect(Object.fromEntries(page.searchParams)).toEqual({
      hl: 'en',
      client_id: CLIENT.clientId,
      redirect_uri: BACK,
      response_type: 'code',
      scope: SCOPE,
      access_type: 'offline',
      prompt: 'consent',
      state: expect.any(String),
    });
    expect(setCookie).toMatch(
      /^calendar_consent=[\w-]{43}; Path=\/api\/calendar\/callback; Max-Age=600; HttpOnly; SameSite=Lax; Secure$/,
    );
  });

  it('keeps what was granted, encrypted, and shows it in /me and to others', async () => {
    expect(await isConnected()).toBe(false);
    const { state, cookie } = await setOut();
    const extras = { scope: `openid ${SCOPE}`, authuser: '0', prompt: 'consent', hd: 'example.com' };
    const answer = await comeBack({ state, code: consented(), ...extras }, cookie);
    expect([answer.status, answer.headers.get('Content-Type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(answer.headers.get('Set-Cookie')).toContain('Max-Age=0');
    expect(await isConnected()).toBe(true);
    expect((await api.send('GET', `/users/${ben.id}`)).body.calendarConnected).toBe(true);

    const { calendarGrant } = await User.query(api.knex).findById(ben.id).throwIfNotFound();
    const [token] = [...google.tokens.refreshTokens].find(([, who]) => who === ben.email)!;
    expect(calendarGrant!.toString('latin1')).not.toContain(token);
    expect(openGrant(calendarGrant!, ben.id, TOKEN_KEY)).toBe(token);
  });

  it('lets what had waited for it go on', async () => {
    const task = await addTask(api.knex, { ownerId: ben.id, deadlineDate: '2025-11-20' });
    const facts = { taskId: task.id, userId: ben.id, channel: 'calendar', kind: 'assigned' } as const;
    await Delivery.query(api.knex).insert({ ...facts, taskVersion: 1, state: 'failed' });
    const moved = await addTask(api.knex, { deadlineDate: '2025-11-20' });
    const entry = { generation: 1, eventId: 'a'.repeat(40), provider: 'google' };
    await CalendarEventRow.query(api.knex).insert({ taskId: moved.id, userId: ben.id, ...entry });
    const other = await addTask(api.knex, { ownerId: ben.id });
    await connected();
    const behind = await Task.query(api.knex).whereRaw('version > synced_version').select('id');
    expect(behind.map(({ id }) => id).sort()).toEqual([task.id, moved.id].sort());
    expect(behind.map(({ id }) => id)).not.toContain(other.id);
  });

  it('is undone with DELETE /calendar', async () => {
    await connected();
    expect((await api.send('DELETE', '/calendar', { as: ben.id })).status).toBe(204);
    expect(await isConnected()).toBe(false);
    expect((await api.send('DELETE', '/calendar', { as: ben.id })).status).toBe(204);
  });

  it('lets the page of the front end keep the cookie', async () => {
    const headers = { Origin: 'https://app.example.com' };
    const { headers: answered } = await api.send('GET', '/calendar/connect', { as: ben.id, headers });
    expect(answered.get('Access-Control-Allow-Credentials')).toBe('true');
    expect(answered.get('Access-Control-Allow-Origin')).toBe('https://app.example.com');
  });
});

describe('a way back that is not the one that was set out on', () => {
  const flip = (text: string, at: number) => {
    const place = at < 0 ? text.length + at : at;
    return text.slice(0, place) + (text[place] === 'A' ? 'B' : 'A') + text.slice(place + 1);
  };

  it.each<[string, (way: { state: string; cookie: string }) => [state: string | null, cookie?: string]]>([
    ['without a state', ({ cookie }) => [null, cookie]],
    ['without the cookie', ({ state }) => [state]],
    ['with the cookie of another', ({ state, cookie }) => [state, flip(cookie, -3)]],
    ['with another signature', ({ state, cookie }) => [flip(state, -3), cookie]],
    ['with another nonce', ({ state, cookie }) => [flip(state, 40), cookie]],
    ['for another user', ({ state, cookie }) => [`${'0'.repeat(8)}${state.slice(8)}`, cookie]],
    ['for longer', ({ state, cookie }) => [state.replace(/\.\d{10}\./, '.9999999999.'), cookie]],
    ['with nonsense', ({ cookie }) => ['x'.repeat(400), cookie]],
    [
      'that is over',
      ({ cookie: _ }) => {
        const { state, secret } = depart(ben.id, TOKEN_KEY, Date.now() - 601_000);
        return [state, `calendar_consent=${secret}`];
      },
    ],
    [
      'signed with another key',
      ({ cookie: _ }) => {
        const { state, secret } = depart(ben.id, Buffer.alloc(32).toString('base64'));
        return [state, `calendar_consent=${secret}`];
      },
    ],
  ])('%s is refused, and no code is spent', async (_, change) => {
    const { state, cookie } = await setOut();
    const [sent, withCookie] = change({ state, cookie });
    const code = consented();
    const answer = await comeBack({ ...(sent !== null && { state: sent }), code }, withCookie);
    expect([answer.status, answer.body.code]).toEqual([400, 'calendar-state-invalid']);
    expect(google.ledger).toEqual([]);
    expect(await isConnected()).toBe(false);
  });

  it('is taken once, also by many at once', async () => {
    const { state, cookie } = await setOut();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => comeBack({ state, code: consented() }, cookie)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(400)]);
    expect((await comeBack({ state, code: consented() }, cookie)).status).toBe(400);
    expect(google.tokenCalls()).toBe(1);
  });
});

describe('a consent that was not given', () => {
  it.each<[string, () => Record<string, string>]>([
    ['because the person said no', () => ({ error: 'access_denied' })],
    ['as the code is none', () => ({ code: '4/made-up' })],
    ['as the calendar was unticked', () => ({ code: consented('openid email') })],
    ['as there is neither', () => ({})],
  ])('%s connects nothing', async (_, query) => {
    const { state, cookie } = await setOut();
    const answer = await comeBack({ state, ...query() }, cookie);
    expect([answer.status, answer.body.code]).toEqual([400, 'calendar-consent-refused']);
    expect(await isConnected()).toBe(false);
  });

  it.each([
    ['Google is away', { answer: { status: 503 } }, 503, 'service-unavailable'],
    ['the connection breaks', { reset: true as const }, 503, 'service-unavailable'],
    ['our client is refused', { answer: tokenError(401, 'invalid_client') }, 409, 'calendar-not-configured'],
  ])('because %s says so', async (_, misbehaviour, status, code) => {
    google.next(misbehaviour);
    const { state, cookie } = await setOut();
    const answer = await comeBack({ state, code: consented() }, cookie);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(JSON.stringify(answer.body)).not.toContain('canary');
    expect(google.tokenCalls()).toBe(1);
  });
});

it('there is nothing to connect where calendars are local', async () => {
  const plain = await startTestApi();
  try {
    for (const path of ['/calendar/connect', '/calendar/callback?state=x&code=y']) {
      const { status, body } = await plain.send('GET', path);
      expect([status, body.code]).toEqual([409, 'calendar-not-configured']);
    }
    expect((await plain.send('DELETE', '/calendar')).status).toBe(204);
  } finally {
    await plain.close();
  }
});
