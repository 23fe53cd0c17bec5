/** What RapidAPI and the services behind it answer when they do not answer, and what must follow from it. */
import type { Answer, Misbehaviour } from '../stand-in';
import { json } from './index';

export interface Row {
  what: string;
  order: () => Misbehaviour;
  code: string;
  retryable: boolean;
  /** Milliseconds until the next call, as told; null = ordinary back-off. */
  waitMs: number | null;
  outcome: 'rejected' | 'unknown';
  /** Calls that one piece costs when this goes on: null = until somebody ends it. */
  calls: 1 | 2 | null;
}

const proxy = { 'x-rapidapi-proxy-response': 'true' };
const perPlan = (window: string) =>
  `You have exceeded the rate limit per ${window} for your plan, BASIC, by the API provider`;
const quota = (period: string) =>
  `You have exceeded the ${period} quota for Requests on your current plan, BASIC. Upgrade your plan at https://rapidapi.com/x`;
const way = (end: string) => ({
  messages: `${end}, please contact the API provider`,
  info: 'Your Client (working) ---> Gateway (working) ---> API (not working)',
});
const page = (status: number, title: string): Answer => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: `<html><head><title>${status} ${title}</title></head><body><center><h1>${status} ${title}</h1></center><hr><center>nginx</center></body></html>`,
});

const final = (what: string, code: string, answer: Answer): Row => ({
  what,
  order: () => ({ answer }),
  code,
  retryable: false,
  waitMs: null,
  outcome: 'rejected',
  calls: 1,
});
const later = (what: string, code: string, answer: () => Answer, waitMs: number | null): Row => ({
  what,
  order: () => ({ answer: answer() }),
  code,
  retryable: true,
  waitMs,
  outcome: 'rejected',
  calls: null,
});
const wasted = (what: string, code: string, order: Misbehaviour): Row => ({
  what,
  order: () => order,
  code,
  retryable: true,
  waitMs: null,
  outcome: 'unknown',
  calls: 2,
});
const tooMany =
  (said: string, headers: () => Record<string, string> = () => ({})) =>
  () =>
    json(429, { message: said }, headers());
const epochIn = (seconds: number) => String(Math.ceil(Date.now() / 1000) + seconds);

export const STATUS_TABLE: Row[] = [
  final('400', 'speech-refused', json(400, { message: 'bad request' })),
  final('401 wrong key', 'speech-key-refused', json(401, { message: 'Invalid API key.' })),
  final(
    '403 not subscribed',
    'speech-not-subscribed',
    json(403, { message: 'You are not subscribed to this API.' }),
  ),
  final(
    '404 no such endpoint',
    'speech-endpoint-missing',
    json(404, { message: "Endpoint '/x' does not exist" }, proxy),
  ),
  final('404 no such API', 'speech-endpoint-missing', json(404, { message: "API doesn't exists" }, proxy)),
  final('413', 'speech-piece-too-long', json(413, { message: 'Payload Too Large' })),
  final('415', 'speech-refused', json(415, {})),
  final('422', 'speech-refused', json(422, { detail: [{ msg: 'value is not a valid language' }] })),
  final('302', 'speech-redirected', { status: 302, headers: { location: 'http://127.0.0.1:9/' } }),
  final('429 monthly quota', 'speech-quota-used-up', json(429, { message: quota('MONTHLY') })),
  final(
    '429 quota that is renewed in a week',
    'speech-quota-used-up',
    json(429, { message: quota('MONTHLY') }, { 'x-ratelimit-requests-reset': '604800' }),
  ),
  final('200 with other fields', 'speech-profile-wrong', json(200, { result: 'hello' })),
  later(
    '429 with Retry-After',
    'rate-limited',
    tooMany('Too many requests', () => ({ 'retry-after': '17' })),
    17_000,
  ),
  later('429 per second', 'rate-limited', tooMany(perPlan('second')), 1100),
  later('429 per minute', 'rate-limited', tooMany(perPlan('minute')), 60_000),
  later(
    '429 per minute, reset in seconds',
    'rate-limited',
    tooMany(perPlan('minute'), () => ({ 'x-ratelimit-reset': '17' })),
    17_000,
  ),
  later(
    '429 per minute, reset at a moment',
    'rate-limited',
    tooMany(perPlan('minute'), () => ({ 'x-ratelimit-reset': epochIn(17) })),
    17_000,
  ),
  later(
    '429 per second beside a quota that lasts',
    'rate-limited',
    tooMany(perPlan('second'), () => ({
      'x-ratelimit-requests-reset': '1500000',
      'x-ratelimit-requests-remaining': '431',
    })),
    1100,
  ),
  later('429 per hour', 'rate-limited', tooMany(perPlan('hour')), 3_600_000),
  later(
    '429 daily quota, reset in seconds',
    'speech-quota-used-up',
    tooMany(quota('DAILY'), () => ({ 'x-ratelimit-requests-reset': '7200' })),
    7_200_000,
  ),
  later('429 without a word', 'rate-limited', tooMany(''), null),
  later('500', 'speech-unavailable', () => json(500, {}), null),
  later('502 unreachable', 'speech-unavailable', () => json(502, way('The API is unreachable'), proxy), null),
  later('503 with Retry-After', 'speech-unavailable', () => json(503, {}, { 'retry-after': '17' }), 17_000),
  wasted('504 of the gateway', 'speech-piece-too-long', {
    answer: json(504, way('The request to the API has timed out'), proxy),
  }),
  wasted('504 as a page', 'speech-piece-too-long', { answer: page(504, 'Gateway Time-out') }),
  wasted('200 success: false', 'speech-service-failed', { answer: json(200, { success: false, text: 'x' }) }),
  wasted('200 status: false', 'speech-service-failed', { answer: json(200, { status: false }) }),
  wasted('200 as a page', 'bad-response', { answer: page(200, 'OK') }),
  wasted('200 empty', 'bad-response', { answer: { status: 200 } }),
  wasted('200 malformed JSON', 'bad-response', { answer: { status: 200, body: '{"text": "hel' } }),
  wasted('an answer without end', 'bad-response', { flood: true }),
  wasted('a body that is cut off', 'speech-interrupted', { cutAfterBytes: 10 }),
  wasted('accepted, then reset', 'speech-interrupted', { reset: true }),
  wasted('accepted, then nothing', 'speech-piece-too-long', { hang: true }),
  wasted('one byte at a time', 'speech-piece-too-long', { dripMs: 100 }),
];
