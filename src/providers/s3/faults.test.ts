import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { inspect } from 'node:util';
import type { Bucket } from '../../../test/support/vendors/s3/bucket';
import { ACCOUNT, startS3 } from '../../../test/support/vendors/s3/stand-in';
import { fails, KEY, MB, QUICK, settingsOf } from '../../../test/support/vendors/s3/trial';
import { s3Error } from '../../../test/support/vendors/s3/xml';
import type { StandIn } from '../../../test/support/vendors/stand-in';
import { S3MediaStore } from './media-store';

let s3: StandIn;
let bucket: Bucket;
beforeEach(async () => ({ s3, bucket } = await startS3()));
afterEach(() => s3.close());

const settings = () => settingsOf(s3.url);
const makeStore = (deadlines?: typeof QUICK) => new S3MediaStore(settings(), deadlines);

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
    expect(await fails(run(makeStore(QUICK)))).toMatchObject({ code: 'storage-timeout', retryable: true });
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
