import { anEvent } from '../../../test/support/contracts/calendar';
import {
  ACCOUNT,
  ADDRESS,
  BEN,
  calendarAt,
  connectedBen,
  failure,
  PER_USER,
  secretEvent,
  useGoogle,
} from '../../../test/support/google-calendar';
import { apiError, tokenError } from '../../../test/support/vendors/google';
import type { Answer } from '../../../test/support/vendors/stand-in';

const google = useGoogle();

const html = (status: number): Answer => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: '<h1>canary</h1>',
});
const text = (body: string): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body,
});

type Row = [name: string, answer: Answer, code: string, retryable: boolean, calls?: number];

/** The rows of the calendar's guide to errors. */
const ROWS: Row[] = [
  ['400', apiError(400, 'badRequest'), 'calendar-refused', false],
  ['403 forbidden', apiError(403, 'forbidden'), 'calendar-forbidden', false],
  ['403 of an organizer', apiError(403, 'forbiddenForNonOrganizer'), 'calendar-forbidden', false],
  ['403 of a scope', apiError(403, 'insufficientPermissions'), 'calendar-forbidden', false],
  ['403 without a reason', html(403), 'calendar-forbidden', false],
  ['403 of a user', apiError(403, 'userRateLimitExceeded'), 'calendar-rate-limited', true],
  ['403 of a project', apiError(403, 'rateLimitExceeded'), 'calendar-rate-limited', true],
  ['403 of a quota', apiError(403, 'quotaExceeded'), 'calendar-rate-limited', true],
  ['408', apiError(408, 'timeout'), 'calendar-unavailable', true],
  ['412', apiError(412, 'conditionNotMet'), 'calendar-refused', false],
  ['413', html(413), 'calendar-refused', false],
  ['422', apiError(422, 'invalid'), 'calendar-refused', false],
  ['429', apiError(429, 'rateLimitExceeded'), 'calendar-rate-limited', true],
  ['500', apiError(500, 'backendError'), 'calendar-unavailable', true],
  ['502', html(502), 'calendar-unavailable', true],
  ['503', apiError(503, 'backendError'), 'calendar-unavailable', true],
  ['504', html(504), 'calendar-unavailable', true],
  ['302', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'calendar-wrong-address', false],
  ['a web page with 200', html(200), 'bad-response', true],
  ['JSON that is cut off', text('{"id":"a'), 'bad-response', true],
  ['an array', text('[]'), 'bad-response', true],
  ['JSON of 100,000 levels', text('['.repeat(100_000)), 'bad-response', true],
];

describe.each([
  ['looked up', 'GET'],
  ['inserted', 'POST'],
  ['removed', 'DELETE'],
])('an entry that is %s, answered with', (_, method) => {
  it.each(ROWS.filter(([, { status }]) => method !== 'DELETE' || status >= 300))(
    '%s',
    async (__, answer, code, retryable) => {
      const calendar = calendarAt(google);
      google.choose = (request) =>
        request.method === method && request.path !== '/token' ? { answer } : undefined;
      const { eventId } = secretEvent();
      const error = await failure(
        method === 'DELETE' ? calendar.remove(BEN, eventId) : calendar.put(BEN, secretEvent()),
      );
      expect([error.code, error.retryable]).toEqual([code, retryable]);
      expect(google.calls().filter((called) => called === method)).toHaveLength(1);
    },
  );
});

it.each([404, 410])('an entry that is gone already (%i) is removed', async (status) => {
  google.choose = ({ method }) => (method === 'DELETE' ? { answer: apiError(status, 'deleted') } : undefined);
  await expect(calendarAt(google).remove(BEN, 'a'.repeat(40))).resolves.toBeUndefined();
});

it.each([
  ['17', 17_000],
  ['soon', null],
])('waits as told by Retry-After: %s', async (header, ms) => {
  const answer = apiError(429, 'rateLimitExceeded', { 'Retry-After': header });
  google.choose = ({ path }) => (path === '/token' ? undefined : { answer });
  expect((await failure(calendarAt(google).put(BEN, anEvent()))).retryAfterMs).toBe(ms);
});

/** The rows of the token service, for a service account and for a user. */
const TOKEN_ROWS: [name: string, answer: Answer, account: string, user: string, retryable: boolean][] = [
  ['invalid_grant', tokenError(400, 'invalid_grant'), 'calendar-auth', 'calendar-not-connected', false],
  ['unauthorized_client', tokenError(401, 'unauthorized_client'), 'calendar-auth', 'calendar-auth', false],
  ['invalid_client', tokenError(401, 'invalid_client'), 'calendar-auth', 'calendar-auth', false],
  ['invalid_scope', tokenError(400, 'invalid_scope'), 'calendar-auth', 'calendar-auth', false],
  ['a 403 page', html(403), 'calendar-auth', 'calendar-auth', false],
  ['429', tokenError(429, 'rate_limit'), 'calendar-rate-limited', 'calendar-rate-limited', true],
  ['500', html(500), 'calendar-unavailable', 'calendar-unavailable', true],
  ['503', tokenError(503, 'backend_error'), 'calendar-unavailable', 'calendar-unavailable', true],
  ['no token in it', text('{}'), 'bad-response', 'bad-response', true],
  ['a web page with 200', html(200), 'bad-response', 'bad-response', true],
];

describe.each([
  ['a service account', ACCOUNT, 2],
  ['a user', PER_USER, 3],
])('the token service answers %s with', (_, signIn, column) => {
  it.each(TOKEN_ROWS)('%s', async (...row) => {
    google.next({ answer: row[1] });
    const people = connectedBen(google);
    const error = await failure(calendarAt(google, signIn, people).put(BEN, secretEvent()));
    expect([error.code, error.retryable]).toEqual([row[column], row[4]]);
    expect([google.tokenCalls(), google.calls()]).toEqual([1, []]);
    expect(people.person.grant === null).toBe(error.code === 'calendar-not-connected');
  });
});

describe('a token', () => {
  it('is used until shortly before it ends', async () => {
    const calendar = calendarAt(google);
    const event = anEvent();
    const at = Date.now();
    for (const minutes of [0, 20, 58]) {
      jest.spyOn(Date, 'now').mockReturnValue(at + minutes * 60_000);
      await calendar.put(BEN, event);
    }
    expect(google.tokenCalls()).toBe(1);
    jest.spyOn(Date, 'now').mockReturnValue(at + 59.5 * 60_000);
    await calendar.put(BEN, event);
    expect(google.tokenCalls()).toBe(2);
    jest.restoreAllMocks();
  });

  it('that is refused is replaced once', async () => {
    const calendar = calendarAt(google);
    await calendar.put(BEN, anEvent({ eventId: 'a'.repeat(40) }));
    google.tokens.endAccess();
    google.ledger.length = 0;
    await calendar.put(BEN, anEvent({ eventId: 'b'.repeat(40) }));
    expect([google.calls(), google.tokenCalls()]).toEqual([['GET', 'GET', 'POST'], 1]);
  });

  it('that is refused when fresh is refused for good', async () => {
    google.choose = ({ path }) => (path === '/token' ? undefined : { answer: apiError(401, 'authError') });
    const error = await failure(calendarAt(google).put(BEN, secretEvent()));
    expect([error.code, error.retryable]).toEqual(['calendar-auth', false]);
    expect([google.calls(), google.tokenCalls()]).toEqual([['GET', 'GET'], 2]);
  });
});

describe('a user', () => {
  it('who never connected is not asked about anywhere', async () => {
    for (const call of [
      calendarAt(google, PER_USER).put(BEN, secretEvent()),
      calendarAt(google, PER_USER).remove(BEN, 'a'.repeat(40)),
    ]) {
      const error = await failure(call);
      expect([error.code, error.retryable]).toEqual(['calendar-not-connected', false]);
    }
    expect(google.ledger).toEqual([]);
  });

  it('who takes the access back is disconnected at the next change, and connects anew', async () => {
    const people = connectedBen(google);
    const calendar = calendarAt(google, PER_USER, people);
    const event = anEvent();
    await calendar.put(BEN, event);
    google.tokens.revoke(ADDRESS);
    expect((await failure(calendar.put(BEN, event))).code).toBe('calendar-not-connected');
    expect(people.person.grant).toBeNull();
    people.person = connectedBen(google).person;
    await calendar.put(BEN, { ...event, summary: 'Again' });
    expect(google.events(ADDRESS).map(({ summary }) => summary)).toEqual(['Again']);
  });

  it('keeps a grant that the key of this server can not open', async () => {
    const people = connectedBen(google);
    const other = { ...PER_USER, tokenKey: Buffer.alloc(32, 'x').toString('base64') };
    expect((await failure(calendarAt(google, other, people).put(BEN, secretEvent()))).code).toBe(
      'calendar-token-key',
    );
    expect(people.person.grant).not.toBeNull();
    expect(google.ledger).toEqual([]);
  });

  it('has a grant that is of use in their row only', async () => {
    const people = connectedBen(google);
    const anybody = '5f0c2f0e-0000-4000-8000-000000000002';
    const error = await failure(calendarAt(google, PER_USER, people).put(anybody, secretEvent()));
    expect(error.code).toBe('calendar-token-key');
  });
});
