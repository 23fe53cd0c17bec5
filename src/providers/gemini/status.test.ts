import { inspect } from 'node:util';
import {
  API_KEY,
  envelope,
  errorAnswer,
  quotaAnswer,
  startGemini,
  type Gemini,
} from '../../../test/support/vendors/gemini';
import { extractorOn, meeting } from '../../../test/support/vendors/gemini/meeting';
import { eventually } from '../../../test/support/poll';
import type { Answer, Misbehaviour } from '../../../test/support/vendors/stand-in';

const CANARY = 'the purple heron walks at dawn';
const input = meeting([
  ['Anna', CANARY],
  ['Ben Ode', 'I will fix the tests.'],
]);
const thrown: unknown[] = [];

let gemini: Gemini;
beforeEach(async () => {
  gemini = await startGemini();
});
afterEach(() => gemini.standIn.close());

async function problemAfter(order: Misbehaviour | Misbehaviour[], settings = {}, attempt = 1): Promise<any> {
  gemini.standIn.next(...[order].flat());
  const { signal } = new AbortController();
  const problem: unknown = await extractorOn(gemini, { timeoutMs: 400, ...settings })
    .extract(input, { signal, attempt })
    .then(
      () => null,
      (error: unknown) => error,
    );
  thrown.push(problem);
  return problem;
}

const leaky = `${API_KEY} ${CANARY}`;
const refusal = (status: number, name: string, details: object[] = [], headers = {}) =>
  errorAnswer(status, name, leaky, details, headers);
const ok = (body: string, contentType = 'application/json'): Answer => ({
  status: 200,
  headers: { 'content-type': contentType },
  body,
});
const reason = (finishReason: string) => ok(JSON.stringify({ candidates: [{ finishReason, index: 0 }] }));
const keyDetail = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' };

type Row = [name: string, order: Answer, calls: number, problem: [string, boolean, (number | null)?]];
const ROWS: Row[] = [
  ['400 INVALID_ARGUMENT', refusal(400, 'INVALID_ARGUMENT'), 1, ['gemini-bad-request', false]],
  ['400 FAILED_PRECONDITION', refusal(400, 'FAILED_PRECONDITION'), 1, ['gemini-bad-request', false]],
  ['400 for the key', refusal(400, 'INVALID_ARGUMENT', [keyDetail]), 1, ['gemini-auth', false]],
  ['401', refusal(401, 'UNAUTHENTICATED'), 1, ['gemini-auth', false]],
  ['403', refusal(403, 'PERMISSION_DENIED'), 1, ['gemini-auth', false]],
  ['404', refusal(404, 'NOT_FOUND'), 1, ['model-not-found', false]],
  ['413', refusal(413, 'INVALID_ARGUMENT'), 1, ['gemini-bad-request', false]],
  ['422', refusal(422, 'INVALID_ARGUMENT'), 1, ['gemini-bad-request', false]],
  ['429 a minute', quotaAnswer('RequestsPerMinutePerProject', '17s'), 1, ['rate-limited', true, 17_000]],
  ['429 in fractions', quotaAnswer('InputTokensPerMinute', '47.17s'), 1, ['rate-limited', true, 47_170]],
  ['429 by header', refusal(429, 'X', [], { 'retry-after': '17' }), 1, ['rate-limited', true, 17_000]],
  ['429 untold', refusal(429, 'RESOURCE_EXHAUSTED'), 1, ['rate-limited', true, null]],
  ['429 a day', quotaAnswer('RequestsPerDayPerProject', '3600s'), 1, ['gemini-quota-exhausted', false]],
  ['429 of zero', errorAnswer(429, 'X', 'Quota, limit: 0'), 1, ['gemini-quota-exhausted', false]],
  ['500', refusal(500, 'INTERNAL'), 1, ['gemini-unavailable', true, null]],
  ['502 in HTML', { status: 502, body: `<html>${leaky}` }, 1, ['gemini-unavailable', true]],
  ['503', refusal(503, 'UNAVAILABLE'), 1, ['gemini-unavailable', true, null]],
  [
    '503 told',
    refusal(503, 'UNAVAILABLE', [], { 'retry-after': '9' }),
    1,
    ['gemini-unavailable', true, 9000],
  ],
  [
    'a redirect',
    { status: 302, headers: { location: 'http://127.0.0.1:1/' } },
    1,
    ['gemini-bad-request', false],
  ],
  ['HTML with 200', ok(`<html>${leaky}</html>`, 'text/html'), 1, ['bad-response', true]],
  ['an empty 200', ok(''), 1, ['bad-response', true]],
  ['null', ok('null'), 1, ['bad-response', true]],
  ['another form', ok('{"candidates":{"a":1}}'), 1, ['bad-response', true]],
  ['half a JSON', ok('{"candidates":[{"content":'), 1, ['bad-response', true]],
  ['deep JSON', ok('['.repeat(100_000)), 1, ['bad-response', true]],
  ['SAFETY', reason('SAFETY'), 1, ['gemini-blocked', false]],
  ['PROHIBITED_CONTENT', reason('PROHIBITED_CONTENT'), 1, ['gemini-blocked', false]],
  ['SPII', reason('SPII'), 1, ['gemini-blocked', false]],
  ['BLOCKLIST', reason('BLOCKLIST'), 1, ['gemini-blocked', false]],
  ['LANGUAGE', reason('LANGUAGE'), 1, ['gemini-blocked', false]],
  ['a blocked prompt', ok('{"promptFeedback":{"blockReason":"OTHER"}}'), 1, ['gemini-blocked', false]],
  ['no candidates', ok('{"candidates":[]}'), 1, ['gemini-empty', false]],
  ['an empty candidate', reason('STOP'), 1, ['gemini-empty', false]],
  ['nothing, for a new reason', reason('CONTINUATION'), 1, ['gemini-empty', false]],
];

describe('each row of the status table', () => {
  it.each(ROWS)('%s', async (_, answer, calls, [code, retryable, retryAfterMs = null]) => {
    const problem = await problemAfter({ answer });
    expect(problem).toMatchObject({ name: 'ProviderError', code, retryable, retryAfterMs });
    expect(gemini.standIn.ledger).toHaveLength(calls);
  });

  it('504: asked for half as much, both halves read', async () => {
    expect(await problemAfter({ answer: refusal(504, 'DEADLINE_EXCEEDED') })).toBeNull();
    expect(gemini.shown().map(({ lines }) => lines.length)).toEqual([2, 1, 1]);
  });

  it('504 for one line alone is tried again later', async () => {
    const answer = refusal(504, 'DEADLINE_EXCEEDED');
    expect(await problemAfter([{ answer }, { answer }])).toMatchObject({
      code: 'gemini-unavailable',
      retryable: true,
    });
  });

  it('RECITATION: asked once more in other words, then refused', async () => {
    const answer = reason('RECITATION');
    expect(await problemAfter([{ answer }, { answer }])).toMatchObject({
      code: 'gemini-blocked',
      message: expect.stringContaining('RECITATION'),
    });
    const [first, second] = gemini.shown();
    expect(first!.rules).not.toContain('words of your own');
    expect(second!.rules).toContain('words of your own');
  });

  it('an unknown reason with a whole answer is an answer', async () => {
    const body = JSON.stringify(envelope('{"actionItems":[]}', 'SOMETHING_NEW'));
    expect(await problemAfter({ answer: ok(body) })).toBeNull();
  });
});

describe('the network', () => {
  const rows: [string, Misbehaviour, string][] = [
    ['no answer', { hang: true }, 'gemini-timeout'],
    ['a late answer', { delayMs: 900 }, 'gemini-timeout'],
    ['a byte at a time', { dripMs: 60 }, 'gemini-timeout'],
    ['a cut answer', { cutAfterBytes: 20 }, 'gemini-unavailable'],
    ['a reset after the request was taken', { reset: true }, 'gemini-unavailable'],
  ];
  it.each(rows)('%s: one call, tried again, over in time', async (_, order, code) => {
    expect(await problemAfter(order)).toMatchObject({ name: 'ProviderError', code, retryable: true });
    expect(gemini.standIn.ledger).toHaveLength(1);
  });

  it('an answer without end: cut off, and tried again, while memory stays flat', async () => {
    const before = process.memoryUsage().rss;
    expect(await problemAfter({ flood: true }, { timeoutMs: 60_000 })).toMatchObject({
      code: 'bad-response',
      retryable: true,
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 ** 2 * 2);
    expect(gemini.standIn.ledger).toHaveLength(1);
  });

  it('nobody there', async () => {
    expect(await problemAfter([], { baseUrl: 'http://127.0.0.1:1' })).toMatchObject({
      code: 'gemini-unavailable',
      retryable: true,
    });
  });

  it('ends with the caller’s reason when the caller leaves, and calls nobody when it has left', async () => {
    const left = new AbortController();
    gemini.standIn.next({ hang: true });
    const reading = extractorOn(gemini).extract(input, { signal: left.signal });
    const refused = expect(reading).rejects.toThrow(RangeError);
    await eventually(() => gemini.standIn.ledger.length === 1);
    left.abort(new RangeError('cancelled'));
    await refused;
    await expect(extractorOn(gemini).extract(input, { signal: left.signal })).rejects.toThrow(RangeError);
    expect(gemini.standIn.ledger).toHaveLength(1);
  });

  it('the fetch of everybody else is never touched', async () => {
    const usual = globalThis.fetch;
    const reading = problemAfter({ delayMs: 20 });
    expect(globalThis.fetch).toBe(usual);
    await reading;
    expect(globalThis.fetch).toBe(usual);
  });
});

describe('the fallback model', () => {
  const both = { fallbackModel: 'gemini-3.6-flash' };
  const read = (attempt: number) =>
    extractorOn(gemini, both).extract(input, { signal: new AbortController().signal, attempt });

  it.each([
    ['a day’s quota', quotaAnswer('RequestsPerDayPerProject'), 1],
    ['a model that is gone', refusal(404, 'NOT_FOUND'), 1],
    ['the third 503', refusal(503, 'UNAVAILABLE'), 3],
    ['the third 429', quotaAnswer('RequestsPerMinutePerProject', '17s'), 3],
    ['the third page of HTML', ok('<html>'), 3],
  ])('answers after %s, and the result says so', async (_, answer, attempt) => {
    gemini.standIn.next({ answer });
    expect(await read(attempt)).toMatchObject({ model: 'gemini-3.6-flash', coverage: 1 });
    expect(gemini.shown().map(({ model }) => model)).toEqual(['gemini-3.5-flash-lite', 'gemini-3.6-flash']);
  });

  it.each([
    ['a first 503', refusal(503, 'UNAVAILABLE'), 1],
    ['a first 429', quotaAnswer('RequestsPerMinutePerProject', '17s'), 1],
    ['a refused key', refusal(401, 'UNAUTHENTICATED'), 5],
    ['a blocked transcript', reason('SAFETY'), 5],
  ])('is not asked after %s', async (_, answer, attempt) => {
    expect(await problemAfter({ answer }, both, attempt)).toMatchObject({ name: 'ProviderError' });
    expect(gemini.standIn.ledger).toHaveLength(1);
  });

  it('when both fail, what may still succeed is told', async () => {
    const problem = await problemAfter(
      [{ answer: quotaAnswer('RequestsPerDayPerProject') }, { answer: refusal(503, 'UNAVAILABLE') }],
      both,
    );
    expect(problem).toMatchObject({ code: 'gemini-unavailable', retryable: true });
  });

  it('an answer that is none is given up at the third attempt', async () => {
    expect(await problemAfter({ answer: ok('<html>') }, {}, 2)).toMatchObject({ retryable: true });
    expect(await problemAfter({ answer: ok('<html>') }, {}, 3)).toMatchObject({ retryable: false });
  });
});

it('a key that no header can carry is refused without showing it', async () => {
  const problem = await problemAfter([], { apiKey: 'AIza-\n-broken' });
  expect(problem).toMatchObject({ code: 'gemini-auth', retryable: false });
  expect(inspect(problem, { depth: 9 })).not.toContain('broken');
});

describe('after all of that', () => {
  it('no error holds the key or a word of the meeting', () => {
    const seen = inspect(thrown, { depth: 9, maxArrayLength: null, maxStringLength: null, showHidden: true });
    expect(seen).toContain('ProviderError');
    expect(seen).not.toContain(API_KEY);
    expect(seen).not.toContain('heron');
  });

  it('every message is short and says what to do or what will be done', () => {
    for (const problem of thrown.filter(Boolean) as Error[]) {
      expect(problem.message.length).toBeLessThan(200);
      expect(problem.message).toMatch(/Check|Tried again|kept|Raise|another model|Copy|Put/);
    }
  });
});
