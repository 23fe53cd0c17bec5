/** What a vendor answers, and what the operator reads. */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { StandIn, type Answer } from '../../test/support/vendors/stand-in';
import { CLIENT, GoogleStandIn, keyFile, tokenError } from '../../test/support/vendors/google';
import { loadConfig } from '../config';
import type { GoogleSettings, GoogleSignIn } from '../config/calendar';
import type { Finding } from './finding';
import { checkGoogle } from './google';
import { table } from './table';
import { checkGemini, checkRapidApi, checkSendGrid } from './vendors';

const KEY = 'canary-key-of-the-vendor';
const NOWHERE = 'http://127.0.0.1:1';

let said: Answer;
const vendor = new StandIn({ answer: () => said, check: () => [] });
beforeAll(() => vendor.listen());
afterAll(() => vendor.close());
beforeEach(() => vendor.clear());

const gemini = (baseUrl = vendor.url) =>
  checkGemini({ apiKey: KEY, model: 'gemini-3.6-flash', fallbackModel: null, baseUrl });
const rapidApi = (baseUrl = vendor.url) =>
  checkRapidApi({ key: KEY, profile: 'whisper-api', profileFile: null, baseUrl });
const sendGrid = (baseUrl = vendor.url) => checkSendGrid({ apiKey: KEY, baseUrl });

const google = (status: string, message: string) => JSON.stringify({ error: { status, message } });
const state = ({ reachable, authorised, broken }: Finding) => ({ reachable, authorised, broken });
const FINE = { reachable: true, authorised: true, broken: false };
const REFUSED = { reachable: true, authorised: false, broken: true };
const AWAY = { reachable: false, authorised: null, broken: true };
const UNUSABLE = { reachable: true, authorised: true, broken: true };

type Row = [check: () => Promise<Finding>, status: number, body: string, is: object, advice: RegExp];
test.each<Row>([
  [gemini, 200, '{"name":"models/gemini-3.6-flash"}', FINE, /^$/],
  [gemini, 400, google('INVALID_ARGUMENT', 'API key not valid.'), REFUSED, /GEMINI_API_KEY/],
  [gemini, 403, google('PERMISSION_DENIED', 'No.'), REFUSED, /GEMINI_API_KEY/],
  [gemini, 404, google('NOT_FOUND', 'models/x is not found'), UNUSABLE, /GEMINI_MODEL/],
  [gemini, 404, 'a gateway that knows only what is needed', FINE, /first meeting/],
  [gemini, 429, '', FINE, /quota/],
  [gemini, 503, '', AWAY, /503/],
  [gemini, 302, '', AWAY, /GEMINI_BASE_URL/],
  [rapidApi, 404, `{"message":"Endpoint '/' does not exist"}`, FINE, /^$/],
  [rapidApi, 401, '{"message":"Invalid API key."}', REFUSED, /RAPIDAPI_KEY/],
  [rapidApi, 403, '{"message":"You are not subscribed to this API."}', REFUSED, /subscription/],
  [rapidApi, 429, '{"message":"You have exceeded the MONTHLY quota"}', FINE, /quota/],
  [sendGrid, 200, '{"scopes":["mail.send","user.profile.read"]}', FINE, /^$/],
  [sendGrid, 200, '{"scopes":["stats.read"]}', REFUSED, /Mail Send/],
  [sendGrid, 401, '{"errors":[{"message":"authorization required"}]}', REFUSED, /SENDGRID_API_KEY/],
  [sendGrid, 404, '', FINE, /first mail/],
])('%p, answered with %p %s', async (check, status, body, is, advice) => {
  said = { status, body, headers: { location: 'https://elsewhere.example/' } };
  const finding = await check();
  expect(state(finding)).toEqual(is);
  expect(finding.advice).toMatch(advice);
  expect(table([finding])).not.toMatch(/canary/);
  expect(vendor.ledger).toHaveLength(1);
  expect(vendor.ledger[0]).toMatchObject({ method: 'GET', body: Buffer.alloc(0) });
});

test.each([gemini, rapidApi, sendGrid])('%p: nobody is there', async (check) => {
  const finding = await check(NOWHERE);
  expect(state(finding)).toEqual(AWAY);
  expect(finding.advice).toMatch(/_BASE_URL/);
});

test('the key goes where the vendor expects it', async () => {
  said = { status: 200, body: '{"scopes":["mail.send"]}' };
  await Promise.all([gemini(), rapidApi(), sendGrid()]);
  const sent = vendor.ledger.map(({ path: where, headers }) => [where, headers]);
  expect(Object.fromEntries(sent)).toMatchObject({
    '/v1beta/models/gemini-3.6-flash': { 'x-goog-api-key': KEY },
    '/': { 'x-rapidapi-key': KEY, 'x-rapidapi-host': 'whisper-api.p.rapidapi.com' },
    '/v3/scopes': { authorization: `Bearer ${KEY}` },
  });
});

describe('google', () => {
  const standIn = new GoogleStandIn();
  const keys = path.join(tmpdir(), `doctor-key-${process.pid}.json`);
  beforeAll(async () => {
    await standIn.listen();
    writeFileSync(keys, keyFile());
  });
  afterAll(() => standIn.close());
  beforeEach(() => standIn.clear());

  const perUser = { kind: 'per-user', ...CLIENT, tokenKey: Buffer.alloc(32).toString('base64') } as const;
  const account = (calendarId: string | null, file = keys) =>
    ({ kind: 'service-account', keyFile: file, calendarId }) as const;
  function check(signIn: GoogleSignIn, change: Partial<GoogleSettings> = {}, adminEmails = '') {
    const { url: baseUrl, tokenUrl } = standIn;
    const settings = { signIn, baseUrl, authUrl: `${baseUrl}/auth`, tokenUrl, ...change };
    const config = loadConfig({ DATABASE_URL: 'postgres://127.0.0.1/x', ADMIN_EMAILS: adminEmails });
    return checkGoogle(settings, config);
  }

  test('a service account with a calendar of its own signs in, and writes nothing', async () => {
    standIn.shared.add('team@group.calendar.google.com');
    const finding = await check(account('team@group.calendar.google.com'));
    expect(finding).toEqual({ part: 'calendar', configured: 'google service-account', ...FINE, advice: '' });
    expect(standIn.calls()).toEqual(['GET']);
    expect(standIn.violations).toEqual([]);
  });

  test('one that acts for users is tried with a user that is named', async () => {
    expect(await check(account(null))).toMatchObject({
      reachable: null,
      broken: false,
      advice: /ADMIN_EMAILS/ as never,
    });
    standIn.tokens.workspace.add('boss@example.com');
    expect(state(await check(account(null), {}, 'boss@example.com'))).toEqual(FINE);
    expect(state(await check(account(null), {}, 'stranger@example.com'))).toEqual(REFUSED);
  });

  test('a key file that is none is named', async () => {
    const finding = await check(account('x', '/nowhere/key.json'));
    expect([finding.broken, finding.advice]).toEqual([
      true,
      expect.stringContaining('GOOGLE_SERVICE_ACCOUNT_FILE'),
    ]);
  });

  test('the client of users who connect is right', async () => {
    expect(state(await check(perUser))).toEqual(FINE);
  });

  test('or wrong', async () => {
    standIn.next({ answer: tokenError(401, 'invalid_client') });
    const finding = await check(perUser);
    expect(state(finding)).toEqual(REFUSED);
    expect(finding.advice).toContain('GOOGLE_CLIENT_SECRET');
    expect(table([finding])).not.toMatch(/canary/);
  });

  test('nobody is there', async () => {
    expect(state(await check(perUser, { tokenUrl: `${NOWHERE}/token` }))).toEqual(AWAY);
    expect(state(await check(account('x'), { tokenUrl: `${NOWHERE}/token` }))).toEqual(AWAY);
  });
});
