import { anEvent } from '../../../test/support/contracts/calendar';
import {
  ACCOUNT,
  ADDRESS,
  BEN,
  Ben,
  calendarAt,
  failure,
  secretEvent,
  useGoogle,
} from '../../../test/support/google-calendar';
import type { Answer, Misbehaviour } from '../../../test/support/vendors/stand-in';
import type { ProviderError } from '../../provider-error';

const google = useGoogle();
const TIMES = { callMs: 500, writeMs: 1900 };
const hasty = () => calendarAt(google, ACCOUNT, new Ben(), TIMES);

const text = (body: string): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body,
});
const answered = (answer: Answer, how: object) => ({ answer, ...how }) as Misbehaviour;
const long = text(JSON.stringify({ description: 'x'.repeat(500) }));

describe.each([
  ['the token service', (path: string) => path === '/token'],
  ['the calendar', (path: string) => path !== '/token'],
])('a connection to %s', (_, here) => {
  it.each<[string, Misbehaviour]>([
    ['is reset', { reset: true }],
    ['never answers', { hang: true }],
    ['answers too late', { delayMs: 2 * TIMES.callMs }],
    ['drips', answered(long, { dripMs: 20 })],
    ['breaks off', answered(long, { cutAfterBytes: 5 })],
  ])('that %s ends in time and is tried again', async (__, misbehaviour) => {
    google.choose = ({ path: where }) => (here(where) ? misbehaviour : undefined);
    const error = await failure(hasty().put(BEN, secretEvent()));
    expect([error.code, error.retryable]).toEqual(['calendar-unreachable', true]);
  });

  it('that answers without end is cut off at 20 MB', async () => {
    google.choose = ({ path: where }) => (here(where) ? { flood: true } : undefined);
    const error = await failure(calendarAt(google).put(BEN, secretEvent()));
    expect([error.code, error.retryable]).toEqual(['bad-response', true]);
  });

  it.each(['http://127.0.0.1:1', 'http://nowhere.invalid'])('at %s is tried again', async (baseUrl) => {
    const tokenUrl = here('/token') ? `${baseUrl}/token` : google.tokenUrl;
    const error = await failure(calendarAt({ url: baseUrl, tokenUrl }).put(BEN, secretEvent()));
    expect([error.code, error.retryable]).toEqual(['calendar-unreachable', true]);
  });
});

it('writes that wait too long for their turn are tried again, not made late', async () => {
  google.choose = ({ method }) => (method === 'GET' ? { hang: true } : undefined);
  const calendar = hasty();
  const puts = Array.from({ length: 6 }, (_, at) => calendar.put(BEN, anEvent({ eventId: `w${at}abc` })));
  const codes = (await Promise.all(puts.map((put) => failure(put)))).map(({ code }) => code);
  expect(codes).toEqual([...Array(3).fill('calendar-unreachable'), ...Array(3).fill('calendar-busy')]);
  expect(google.calls()).toEqual(['GET', 'GET', 'GET']);
});

describe('a write that was taken and whose answer was lost', () => {
  it.each(Array.from({ length: 20 }, (_, seed) => [seed]))('leaves one entry (seed %i)', async (seed) => {
    let state = seed + 1;
    const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const calendar = calendarAt(google);
    const event = anEvent();
    let lost = 0;
    google.choose = ({ method }) => {
      const loses = method === 'GET' ? random() < 0.3 : lost === 0 || random() < 0.5;
      if (!loses || lost > 5) return undefined;
      lost++;
      return { reset: true };
    };
    for (const summary of ['First', 'Second', 'Third']) {
      for (;;) {
        const error = await calendar.put(BEN, { ...event, summary }).then(
          () => null,
          (thrown: ProviderError) => thrown,
        );
        if (!error) break;
        expect([error.code, error.retryable]).toEqual(['calendar-unreachable', true]);
      }
    }
    expect(lost).toBeGreaterThan(0);
    expect(google.everything(ADDRESS).map(({ id, summary }) => [id, summary])).toEqual([
      [event.eventId, 'Third'],
    ]);
  });
});
