import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import type { Bucket } from '../../../test/support/vendors/s3/bucket';
import { startS3 } from '../../../test/support/vendors/s3/stand-in';
import {
  chunks,
  fails,
  isComplete,
  isCreate,
  isPart,
  isPut,
  KEY,
  MB,
  QUICK,
  settingsOf,
  TYPE,
} from '../../../test/support/vendors/s3/trial';
import { s3Error } from '../../../test/support/vendors/s3/xml';
import type { SeenRequest, StandIn } from '../../../test/support/vendors/stand-in';
import { S3MediaStore } from './media-store';

let s3: StandIn;
let bucket: Bucket;
beforeEach(async () => ({ s3, bucket } = await startS3()));
afterEach(() => s3.close());

const makeStore = (deadlines?: typeof QUICK) => new S3MediaStore(settingsOf(s3.url), deadlines);

/** Treats the first `times` requests that `picks` picks. */
function misbehave(picks: (r: SeenRequest) => boolean, how: ReturnType<StandIn['choose']>, times = 1): void {
  let left = times;
  s3.choose = (request) => (picks(request) && left-- > 0 ? how : undefined);
}

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

  it('says what went wrong when cleaning up behind it goes wrong as well', async () => {
    const isAbort = ({ method, query }: SeenRequest) => method === 'DELETE' && query.has('uploadId');
    s3.choose = (request) => {
      if (isPart(request)) return { answer: s3Error('AccessDenied', 403) };
      return isAbort(request) ? { reset: true } : undefined;
    };
    expect(await fails(makeStore().put(KEY, chunks(big), TYPE))).toMatchObject({ code: 'storage-auth' });
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
