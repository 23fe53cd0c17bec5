import { randomBytes } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { inspect } from 'node:util';
import type { SeenRequest, StandIn } from '../../../test/support/vendors/stand-in';
import {
  BUCKET,
  KEY as SECRET,
  refusal,
  startSupabase,
} from '../../../test/support/vendors/supabase/stand-in';
import type { ProviderError } from '../../provider-error';
import { SupabaseMediaStore } from './media-store';

const KEY = 'recordings/one';
const TYPE = { contentType: 'audio/mpeg' };
const QUICK = { callMs: 400, checkMs: 300, bytesMs: 400 };

let supabase: StandIn;
let objects: Map<string, { bytes: Buffer; contentType: string }>;
beforeEach(async () => ({ supabase, objects } = await startSupabase()));
afterEach(() => supabase.close());

const makeStore = (deadlines?: typeof QUICK, serviceRoleKey = SECRET) =>
  new SupabaseMediaStore({ url: supabase.url, serviceRoleKey, bucket: BUCKET }, deadlines);
const have = (bytes: Buffer) => objects.set(KEY, { bytes, contentType: 'audio/mpeg' });
const isUpload = ({ method, path }: SeenRequest) => method === 'POST' && path.includes(`/object/${BUCKET}/`);
const fails = (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error('it went well');
    },
    (error: ProviderError) => error,
  );

describe('what Supabase answers, for one reading call', () => {
  it.each([
    ['404', 'not_found', 'Object not found', 400, 'object-not-found', false],
    ['404', 'Bucket not found', 'Bucket not found', 400, 'bucket-missing', false],
    ['403', 'Unauthorized', 'Invalid Compact JWS', 400, 'storage-auth', false],
    ['403', 'Unauthorized', 'signature verification failed', 400, 'storage-auth', false],
    ['403', 'Unauthorized', 'new row violates row-level security policy', 400, 'storage-auth', false],
    ['401', 'Unauthorized', 'Invalid API key', 401, 'storage-auth', false],
    ['409', 'Duplicate', 'The resource already exists', 400, 'storage-conflict', false],
    [
      '413',
      'Payload too large',
      'The object exceeded the maximum allowed size',
      400,
      'storage-too-large',
      false,
    ],
    ['415', 'invalid_mime_type', 'mime type is not supported', 400, 'storage-refused', false],
    ['400', 'InvalidKey', 'Invalid key', 400, 'storage-refused', false],
    ['416', 'InvalidRange', 'The range is not satisfiable', 416, 'range-not-satisfiable', false],
    ['429', 'TooManyRequests', 'slow down', 429, 'storage-slow-down', true],
    ['500', 'Internal', 'internal server error', 500, 'storage-unavailable', true],
    ['503', 'SlowDown', 'overloaded', 503, 'storage-unavailable', true],
    ['544', 'DatabaseTimeout', 'the connection to the database timed out', 544, 'storage-unavailable', true],
    ['SlowDown', 'SlowDown', 'slow down', 503, 'storage-slow-down', true],
    ['NoSuchBucket', 'NoSuchBucket', 'no', 404, 'bucket-missing', false],
    ['AccessDenied', 'AccessDenied', 'no', 403, 'storage-auth', false],
  ])(
    '%s %s (%s) with HTTP %i is %s after one call',
    async (code, error, message, status, expected, retryable) => {
      supabase.next({ answer: refusal(code, error, message, status) });
      expect(await fails(makeStore().get(KEY))).toMatchObject({
        name: 'ProviderError',
        code: expected,
        retryable,
        outcome: 'rejected',
      });
      expect(supabase.ledger).toHaveLength(1);
    },
  );

  it('a time to wait is handed on', async () => {
    supabase.next({ answer: { status: 429, headers: { 'retry-after': '17' }, body: '{}' } });
    expect(await fails(makeStore().get(KEY))).toMatchObject({
      code: 'storage-slow-down',
      retryAfterMs: 17_000,
    });
  });

  it.each([
    [
      'a page of HTML',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Log in</html>' },
    ],
    ['nothing', { status: 200 }],
    ['JSON of something else', { status: 200, body: '"yes"' }],
    ['half of the JSON', { status: 200, body: '{"id":' }],
  ])('%s with 200 is no answer', async (_, answer) => {
    supabase.next({ answer }, { answer });
    expect(await fails(makeStore().check())).toMatchObject({ code: 'storage-bad-answer', retryable: true });
  });

  it('a missing bucket and a wrong key are told apart by the check', async () => {
    const other = new SupabaseMediaStore({ url: supabase.url, serviceRoleKey: SECRET, bucket: 'other' });
    expect(await fails(other.check())).toMatchObject({ code: 'bucket-missing' });
    expect(await fails(makeStore(undefined, 'wrong').check())).toMatchObject({ code: 'storage-auth' });
  });
});

describe('the network', () => {
  it('a connection that breaks is tried once more', async () => {
    have(Buffer.from('abc'));
    supabase.next({ reset: true });
    expect(await makeStore().size(KEY)).toBe(3);
    expect(supabase.ledger).toHaveLength(2);
  });

  it('and not for ever', async () => {
    supabase.choose = () => ({ reset: true });
    expect(await fails(makeStore().size(KEY))).toMatchObject({
      code: 'storage-unavailable',
      retryable: true,
    });
    expect(supabase.ledger).toHaveLength(2);
  });

  it.each([
    ['size', (store: SupabaseMediaStore) => store.size(KEY)],
    ['get', (store: SupabaseMediaStore) => store.get(KEY)],
    ['delete', (store: SupabaseMediaStore) => store.delete(KEY)],
    ['check', (store: SupabaseMediaStore) => store.check()],
    ['signedUrl', (store: SupabaseMediaStore) => store.signedUrl(KEY, { ttlSeconds: 9, downloadName: 'a' })],
  ])('%s ends in time when no answer comes', async (_, run) => {
    supabase.choose = () => ({ hang: true });
    expect(await fails(run(makeStore(QUICK)))).toMatchObject({ code: 'storage-timeout' });
  });

  it('an answer byte by byte ends in time', async () => {
    supabase.next({ dripMs: 50 });
    expect(await fails(makeStore(QUICK).check())).toMatchObject({ code: 'storage-timeout' });
  });

  it('an answer without end is refused', async () => {
    supabase.next({ flood: true });
    expect(await fails(makeStore().check())).toMatchObject({ code: 'storage-bad-answer' });
  });

  it('a recording that is cut off is never a short file', async () => {
    have(randomBytes(100_000));
    supabase.next({ cutAfterBytes: 1000 });
    const read = makeStore().get(KEY).then(buffer);
    expect(await fails(read)).toMatchObject({ code: 'storage-corrupt', retryable: true });
  });
});

describe('an upload', () => {
  const bytes = randomBytes(500_000);

  it('that gets no answer ends in time and leaves nothing', async () => {
    supabase.choose = (request) => (isUpload(request) ? { hang: true } : undefined);
    const error = await fails(makeStore(QUICK).put(KEY, Readable.from([bytes]), TYPE));
    expect(error).toMatchObject({ code: 'storage-timeout', outcome: 'unknown' });
    expect(objects.size).toBe(0);
  });

  it('of which less is there than was sent leaves nothing', async () => {
    const headers = { 'content-range': 'bytes 0-0/7' };
    supabase.choose = ({ method }) =>
      method === 'GET' ? { answer: { status: 206, headers, body: 'x' } } : undefined;
    const error = await fails(makeStore().put(KEY, Readable.from([bytes]), TYPE));
    expect(error).toMatchObject({ code: 'storage-corrupt' });
    expect(objects.size).toBe(0);
  });

  it('waits for a slow client longer than for Supabase', async () => {
    const body = new PassThrough();
    const stored = makeStore(QUICK).put(KEY, body, TYPE);
    body.write(bytes);
    await new Promise((resolve) => setTimeout(resolve, 3 * QUICK.bytesMs));
    body.end();
    expect(await stored).toMatchObject({ bytes: bytes.length });
  });

  const seeds = Array.from({ length: 20 }, (_, seed) => seed);

  it.each(seeds)('stopped somewhere leaves nothing: seed %i', async (seed) => {
    const stop = new AbortController();
    const body = new PassThrough();
    const stored = fails(makeStore().put(KEY, body, { ...TYPE, signal: stop.signal }));
    for (let sent = 0; sent < (seed * 7919) % 40; sent += 1) {
      if (!body.write(randomBytes(65_536 + seed)))
        await new Promise((resolve) => body.once('drain', resolve));
    }
    stop.abort();
    expect((await stored).name).toBe('AbortError');
    expect(body.destroyed).toBe(true);
    expect(objects.size).toBe(0);
  });

  it.each(seeds)('accepted, then reset, leaves no orphan: seed %i', async (seed) => {
    supabase.choose = (request) => (isUpload(request) ? { reset: true } : undefined);
    const sent = Readable.from([randomBytes(1 + seed * 9999)]);
    expect(await fails(makeStore().put(KEY, sent, TYPE))).toMatchObject({ outcome: 'unknown' });
    expect(objects.size).toBe(0);
  });
});

describe('a signed URL', () => {
  it('gives the recording under its name, escaped once', async () => {
    have(Buffer.from('0123456789'));
    const url = await makeStore().signedUrl(KEY, { ttlSeconds: 60, downloadName: 'R&D März #1.mp3' });
    expect(new URL(url).searchParams.get('download')).toBe('R&D März #1.mp3');
    const answer = await fetch(url, { headers: { range: 'bytes=2-4' } });
    expect([answer.status, await answer.text()]).toEqual([206, '234']);
    expect(answer.headers.get('content-disposition')).toContain("UTF-8''R%26D%20M%C3%A4rz%20%231.mp3");
  });

  it('is of no use afterwards', async () => {
    have(Buffer.from('x'));
    const url = await makeStore().signedUrl(KEY, { ttlSeconds: -1, downloadName: 'a.mp3' });
    expect((await fetch(url)).status).toBe(400);
  });
});

describe('the key', () => {
  it('and what Supabase says are in no error', async () => {
    const seen: string[] = [];
    const sentence = `the canary sang ${SECRET}`;
    for (const status of ['400', '403', '404', '500']) {
      supabase.next({ answer: refusal(status, sentence, sentence) });
      seen.push(inspect(await fails(makeStore().get(KEY)), { depth: 9, showHidden: true }));
    }
    supabase.choose = () => ({ reset: true });
    seen.push(inspect(await fails(makeStore().check()), { depth: 9, showHidden: true }));
    expect(seen.join('\n')).not.toContain('canary');
  });
});
