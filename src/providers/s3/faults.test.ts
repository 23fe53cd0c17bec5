import { randomBytes } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { inspect } from 'node:util';
import type { Bucket } from '../../../test/support/vendors/s3/bucket';
import { ACCOUNT, BUCKET, startS3 } from '../../../test/support/vendors/s3/stand-in';
import { s3Error } from '../../../test/support/vendors/s3/xml';
import type { SeenRequest, StandIn } from '../../../test/support/vendors/stand-in';
import type { ProviderError } from '../../provider-error';
import { S3MediaStore } from './media-store';

const MB = 1024 ** 2;
const KEY = 'recordings/one';
const TYPE = { contentType: 'audio/mpeg' };
const QUICK = { callMs: 400, checkMs: 300, bytesMs: 400 };

let s3: StandIn;
let bucket: Bucket;
beforeEach(async () => ({ s3, bucket } = await startS3()));
afterEach(() => s3.close());

const settings = () => ({
  bucket: BUCKET,
  region: ACCOUNT.region,
  credentials: ACCOUNT,
  endpoint: s3.url,
  forcePathStyle: false,
});
const makeStore = (deadlines?: typeof QUICK) => new S3MediaStore(settings(), deadlines);
const chunks = (bytes: Buffer) =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, i) =>
      bytes.subarray(i * 65_536, (i + 1) * 65_536),
    ),
  );
const fails = (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error('it went well');
    },
    (error: ProviderError) => error,
  );
const isPart = ({ method, query }: SeenRequest) => method === 'PUT' && query.has('partNumber');
const isComplete = ({ method, query }: SeenRequest) => method === 'POST' && query.has('uploadId');
const isCreate = ({ method, query }: SeenRequest) => method === 'POST' && query.has('uploads');
const isPut = ({ method, query }: SeenRequest) => method === 'PUT' && !query.has('partNumber');

/** Treats the first `times` requests that `picks` picks. */
function misbehave(picks: (r: SeenRequest) => boolean, how: ReturnType<StandIn['choose']>, times = 1): void {
  let left = times;
  s3.choose = (request) => (picks(request) && left-- > 0 ? how : undefined);
}

describe('what S3 answers, for one reading call', () => {
  it.each([
    ['NoSuchKey', 404, 'object-not-found', false],
    ['NoSuchBucket', 404, 'bucket-missing', false],
    ['AccessDenied', 403, 'storage-auth', false],
    ['InvalidAccessKeyId', 403, 'storage-auth', false],
    ['SignatureDoesNotMatch', 403, 'storage-auth', false],
    ['RequestTimeTooSkewed', 403, 'storage-auth', false],
    ['ExpiredToken', 400, 'storage-auth', false],
    ['AuthorizationHeaderMalformed', 400, 'storage-wrong-region', false],
    ['PermanentRedirect', 301, 'storage-wrong-region', false],
    ['InvalidRange', 416, 'range-not-satisfiable', false],
    ['InvalidRequest', 400, 'storage-refused', false],
    ['MethodNotAllowed', 405, 'storage-refused', false],
    ['RequestTimeout', 400, 'storage-timeout', true],
    ['TooManyRequests', 429, 'storage-slow-down', true],
    ['SlowDown', 503, 'storage-slow-down', true],
    ['InternalError', 500, 'storage-unavailable', true],
    ['BadGateway', 502, 'storage-unavailable', true],
    ['ServiceUnavailable', 503, 'storage-unavailable', true],
    ['GatewayTimeout', 504, 'storage-unavailable', true],
  ])('%s, %i is %s after one call', async (code, status, expected, retryable) => {
    s3.next({ answer: s3Error(code, status) });
    const error = await fails(makeStore().get(KEY));
    expect(error).toMatchObject({ name: 'ProviderError', code: expected, retryable, outcome: 'rejected' });
    expect(s3.ledger).toHaveLength(1);
  });

  it('a time to wait is handed on', async () => {
    s3.next({ answer: s3Error('SlowDown', 503, { 'retry-after': '17' }) });
    expect(await fails(makeStore().get(KEY))).toMatchObject({ retryAfterMs: 17_000 });
  });

  it.each([
    ['a page of HTML', { status: 503, headers: { 'content-type': 'text/html' }, body: '<html>busy' }],
    ['nothing at all', { status: 500 }],
  ])('%s instead of an error is one', async (_, answer) => {
    s3.next({ answer });
    expect(await fails(makeStore().get(KEY))).toMatchObject({ code: 'storage-unavailable', retryable: true });
  });

  it('a page of HTML with 200 for a list is no list', async () => {
    s3.next({
      answer: { status: 200, headers: { 'content-type': 'text/html' }, body: '<html><p>Log in</html' },
    });
    expect(await fails(makeStore().delete(KEY))).toMatchObject({ code: 'storage-bad-answer' });
  });
});

describe('the network', () => {
  it('nobody listens', async () => {
    const store = makeStore();
    await s3.close();
    expect(await fails(store.check())).toMatchObject({ code: 'storage-unavailable', retryable: true });
    ({ s3, bucket } = await startS3());
  });

  it.each([
    ['size', (store: S3MediaStore) => store.size(KEY)],
    ['get', (store: S3MediaStore) => store.get(KEY)],
    ['delete', (store: S3MediaStore) => store.delete(KEY)],
    ['check', (store: S3MediaStore) => store.check()],
  ])('%s ends in time when no answer comes', async (_, run) => {
    s3.next({ hang: true });
    const startedAt = performance.now();
    expect(await fails(run(makeStore(QUICK)))).toMatchObject({ code: 'storage-timeout', retryable: true });
    expect(performance.now() - startedAt).toBeLessThan(1400);
  });

  it('an answer byte by byte ends in time', async () => {
    s3.next({ dripMs: 50 });
    expect(await fails(makeStore(QUICK).delete(KEY))).toMatchObject({ code: 'storage-timeout' });
  });

  it('a list without end is refused while memory stays flat', async () => {
    s3.next({ flood: true });
    const before = process.memoryUsage().rss;
    const error = await fails(makeStore().delete(KEY));
    expect(error).toMatchObject({ name: 'ProviderError', code: 'storage-bad-answer' });
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * MB + 20e6);
  });

  it.each([
    ['cut off', { cutAfterBytes: 1000 }],
    ['shorter than announced', { cutAfterBytes: 0 }],
  ])('a recording that is %s is never a short file', async (_, how) => {
    bucket.put(KEY, randomBytes(100_000), 'audio/mpeg');
    s3.next(how);
    const read = makeStore().get(KEY).then(buffer);
    expect(await fails(read)).toMatchObject({ code: 'storage-corrupt', retryable: true });
  });

  it('another range than the one asked for is refused', async () => {
    bucket.put(KEY, randomBytes(1000), 'audio/mpeg');
    s3.next({ answer: { status: 200, body: randomBytes(1000) } });
    const read = makeStore().get(KEY, { start: 10 });
    expect(await fails(read)).toMatchObject({ code: 'storage-bad-answer' });
  });
});

describe('an upload in parts', () => {
  const big = randomBytes(20 * MB);

  it('arrives whole, with a checksum for each part', async () => {
    await makeStore().put(KEY, chunks(big), TYPE);
    expect(bucket.objects.get(KEY)?.bytes.equals(big)).toBe(true);
    expect(s3.violations).toEqual([]);
    expect(s3.ledger.filter(isPart)).toHaveLength(3);
    expect(bucket.uploads.size).toBe(0);
  });

  it.each([
    ['SlowDown', 503, isPart],
    ['InternalError', 500, isPart],
    ['SlowDown', 503, isCreate],
    ['SlowDown', 503, isComplete],
  ])('goes on after %s, %i', async (code, status, picks) => {
    misbehave(picks, { answer: s3Error(code, status) }, 2);
    await makeStore().put(KEY, chunks(big), TYPE);
    expect(bucket.objects.get(KEY)?.bytes.equals(big)).toBe(true);
    expect(bucket.uploads.size).toBe(0);
  });

  it('goes on after a part whose connection broke', async () => {
    misbehave(isPart, { reset: true });
    await makeStore().put(KEY, chunks(big), TYPE);
    expect(bucket.objects.get(KEY)?.bytes.equals(big)).toBe(true);
  });

  it.each([
    ['a part is forbidden', isPart, { answer: s3Error('AccessDenied', 403) }, 'storage-auth'],
    [
      'a part arrived damaged, again and again',
      isPart,
      { answer: s3Error('BadDigest', 400) },
      'storage-corrupt',
    ],
    ['the end is not accepted', isComplete, { answer: s3Error('InvalidPart', 400) }, 'storage-corrupt'],
    ['the beginning is accepted and the answer lost', isCreate, { reset: true }, 'storage-unavailable'],
    ['the end is accepted and the answer lost', isComplete, { reset: true }, 'storage-unavailable'],
  ] as const)('leaves nothing when %s', async (_, picks, how, code) => {
    misbehave(picks, how, Infinity);
    expect(await fails(makeStore().put(KEY, chunks(big), TYPE))).toMatchObject({ code });
    expect(bucket.everythingKept()).toEqual([]);
  });

  it('leaves nothing when another number of bytes is there than was sent', async () => {
    const short = { status: 200, headers: { 'content-length': '5' } };
    misbehave(({ method }) => method === 'HEAD', { answer: short });
    expect(await fails(makeStore().put(KEY, chunks(big), TYPE))).toMatchObject({ code: 'storage-corrupt' });
    expect(bucket.everythingKept()).toEqual([]);
  });

  it('ends in time when a part gets no answer', async () => {
    misbehave(isPart, { hang: true }, Infinity);
    const error = await fails(makeStore(QUICK).put(KEY, chunks(big), TYPE));
    expect(error).toMatchObject({ code: 'storage-timeout', outcome: 'unknown' });
    expect(bucket.everythingKept()).toEqual([]);
  });

  it('removes with an object what a crash left of it', async () => {
    bucket.beginUpload(KEY, 'audio/mpeg');
    bucket.beginUpload(KEY, 'audio/mpeg');
    bucket.beginUpload(`${KEY}-other`, 'audio/mpeg');
    await makeStore().delete(KEY);
    expect([...bucket.uploads.values()].map(({ key }) => key)).toEqual([`${KEY}-other`]);
  });
});

describe('seeded', () => {
  const seeds = Array.from({ length: 20 }, (_, seed) => seed);

  it.each(seeds)('an upload stopped somewhere leaves nothing: seed %i', async (seed) => {
    const stop = new AbortController();
    const body = new PassThrough();
    const stopAfter = ((seed * 7919) % 23) * MB + seed;
    const stored = fails(makeStore().put(KEY, body, { ...TYPE, signal: stop.signal }));
    const block = randomBytes(MB);
    let sent = 0;
    // Seeds with even numbers stall before the stop: nothing more comes, and nothing ends.
    while (sent < stopAfter && !body.destroyed) {
      if (!body.write(block)) await new Promise((resolve) => body.once('drain', resolve));
      sent += MB;
    }
    if (seed % 2) body.write(block);
    stop.abort();
    expect((await stored).name).toBe('AbortError');
    expect(body.destroyed).toBe(true);
    expect(bucket.everythingKept()).toEqual([]);
  });

  it.each(seeds)('accepted, then reset, leaves no orphan: seed %i', async (seed) => {
    const picks = [isPut, isCreate, isComplete, isPart][seed % 4]!;
    misbehave(picks, { reset: true }, 1 + (seed % 5));
    const bytes = randomBytes(seed % 4 === 0 ? 1000 + seed : 9 * MB);
    const stored = await makeStore()
      .put(KEY, chunks(bytes), TYPE)
      .then(
        () => true,
        () => false,
      );
    expect(bucket.everythingKept()).toEqual(stored ? [KEY] : []);
    if (stored) expect(bucket.objects.get(KEY)?.bytes.equals(bytes)).toBe(true);
  });
});

describe('a signed URL', () => {
  it('gives the recording under its name, for a while, ranges too', async () => {
    bucket.put(KEY, Buffer.from('0123456789'), 'audio/mpeg');
    const url = await makeStore().signedUrl(KEY, { ttlSeconds: 60, downloadName: 'R&D “März” 会议.mp3' });
    expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('60');
    const answer = await fetch(url, { headers: { range: 'bytes=2-4' } });
    expect([answer.status, await answer.text()]).toEqual([206, '234']);
    expect(answer.headers.get('content-disposition')).toContain(
      "filename*=UTF-8''R%26D%20%E2%80%9CM%C3%A4rz%E2%80%9D%20%E4%BC%9A%E8%AE%AE.mp3",
    );
    expect((await fetch(url.replace('one', 'two'))).status).toBe(403);
    expect(url).not.toContain('checksum');
  });

  it('is of no use afterwards', async () => {
    bucket.put(KEY, Buffer.from('x'), 'audio/mpeg');
    const url = await makeStore().signedUrl(KEY, { ttlSeconds: 1, downloadName: 'a.mp3' });
    const past = new Date(Date.now() - 5000).toISOString().replace(/[-:]|\.\d+/g, '');
    expect((await fetch(url.replace(/X-Amz-Date=\w+/, `X-Amz-Date=${past}`))).status).toBe(403);
  });
});

describe('keys', () => {
  it('and what S3 quotes are in no error', async () => {
    const seen: string[] = [];
    for (const [code, status] of [
      ['InvalidAccessKeyId', 403],
      ['AccessDenied', 403],
      ['InternalError', 500],
      ['canary@example.com AKIASTANDINEXAMPLE', 400],
    ] as const) {
      s3.next({ answer: s3Error(code, status) });
      seen.push(inspect(await fails(makeStore().get(KEY)), { depth: 9, showHidden: true }));
    }
    const wrong = new S3MediaStore({
      ...settings(),
      credentials: { ...ACCOUNT, secretAccessKey: 'canary-of-a-wrong-key' },
    });
    seen.push(inspect(await fails(wrong.get(KEY)), { depth: 9, showHidden: true }));
    expect(seen.join('\n')).not.toMatch(/canary|AKIASTANDIN/);
  });
});
