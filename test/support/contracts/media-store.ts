import { createHash, randomBytes } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import type { MediaStore } from '../../../src/ports';

/** A store to try, and a look behind it: the names of everything that it keeps, unfinished things included. */
export interface StoreUnderTest {
  store: MediaStore;
  everythingKept(): Promise<string[]>;
}

const TYPE = { contentType: 'audio/mpeg' };
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

function* chunksOf(bytes: Buffer, size: number) {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

/** Breaks off with an error after some bytes, as a client that goes away does. */
async function* cutOff(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
  throw new Error('the client went away');
}

/** Goes on until it is stopped; says so when the first bytes have been asked for. */
async function* endless(onStarted = () => {}): AsyncGenerator<Buffer> {
  for (;;) {
    yield randomBytes(65_536);
    await setImmediate();
    onStarted();
  }
}

/** What every `MediaStore` promises, as tests. `make` gives a fresh, empty store for each test. */
export function mediaStoreContract(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`${name} as a media store`, () => {
    let store: MediaStore;
    let everythingKept: StoreUnderTest['everythingKept'];
    beforeEach(async () => ({ store, everythingKept } = await make()));

    const put = (key: string, bytes: Buffer) => store.put(key, Readable.from(chunksOf(bytes, 10_000)), TYPE);

    it('gives back what was put, and tells its size and checksum', async () => {
      const bytes = randomBytes(300_001);
      expect(await put('media/one', bytes)).toEqual({ bytes: 300_001, sha256: sha256(bytes) });
      expect(await store.size('media/one')).toBe(300_001);
      expect((await buffer(await store.get('media/one'))).equals(bytes)).toBe(true);
    });

    it('takes an empty object', async () => {
      expect(await put('media/empty', Buffer.alloc(0))).toMatchObject({ bytes: 0 });
      expect(await store.size('media/empty')).toBe(0);
    });

    it.each([
      [{ start: 0, end: 0 }, 0, 1],
      [{ start: 10, end: 19 }, 10, 20],
      [{ start: 990 }, 990, 1000],
      [{ start: 990, end: 5000 }, 990, 1000],
    ])('reads the range %j', async (range, from, to) => {
      const bytes = randomBytes(1000);
      await put('media/ranged', bytes);
      const part = await buffer(await store.get('media/ranged', range));
      expect(part.equals(bytes.subarray(from, to))).toBe(true);
    });

    it('knows what is not there', async () => {
      expect(await store.size('media/none')).toBeNull();
      await expect(store.get('media/none')).rejects.toMatchObject({
        name: 'ProviderError',
        code: 'object-not-found',
        retryable: false,
      });
      await expect(store.delete('media/none')).resolves.toBeUndefined();
    });

    it('leaves nothing behind when the stream breaks off', async () => {
      const body = Readable.from(cutOff(randomBytes(100_000)));
      await expect(store.put('media/cut', body, TYPE)).rejects.toThrow('the client went away');
      expect(await store.size('media/cut')).toBeNull();
      expect(await everythingKept()).toEqual([]);
    });

    it('stops reading and leaves nothing behind when it is told to stop', async () => {
      const abort = new AbortController();
      const body = Readable.from(endless(() => abort.abort()));
      const stored = store.put('media/stopped', body, { ...TYPE, signal: abort.signal });
      await expect(stored).rejects.toMatchObject({ name: 'AbortError' });
      expect(body.destroyed).toBe(true);
      expect(await everythingKept()).toEqual([]);
    });

    it('stops waiting for a source that stalls when it is told to stop', async () => {
      const abort = new AbortController();
      const body = new PassThrough();
      body.write(randomBytes(100));
      const stored = store.put('media/stalled', body, { ...TYPE, signal: abort.signal });
      await setImmediate();
      abort.abort();
      await expect(stored).rejects.toMatchObject({ name: 'AbortError' });
      expect(await everythingKept()).toEqual([]);
    });

    it('starts nothing when it was told to stop before', async () => {
      const options = { ...TYPE, signal: AbortSignal.abort() };
      await expect(store.put('media/late', Readable.from(endless()), options)).rejects.toMatchObject({
        name: 'AbortError',
      });
      expect(await everythingKept()).toEqual([]);
    });

    it('deletes one object and no other', async () => {
      await put('media/kept', Buffer.from('kept'));
      await put('media/kept-too', Buffer.from('kept too'));
      await put('media/gone', Buffer.from('gone'));
      await store.delete('media/gone');
      await store.delete('media/gone');
      expect(await store.size('media/gone')).toBeNull();
      expect(await everythingKept()).toHaveLength(2);
    });

    it('keeps many that are put and deleted side by side', async () => {
      const keys = Array.from({ length: 20 }, (_, index) => `media/${index}/recording`);
      await Promise.all(keys.map((key) => put(key, Buffer.from(key))));
      await Promise.all(keys.slice(10).map((key) => store.delete(key)));
      await Promise.all(
        keys.slice(0, 10).map(async (key) => {
          expect((await buffer(await store.get(key))).toString()).toBe(key);
        }),
      );
      expect(await everythingKept()).toHaveLength(10);
    });

    it.each([
      '../outside',
      'media/../../outside',
      '/etc/passwd',
      'media//two',
      'media/.hidden',
      'Media/one',
      'a\0b',
      '',
    ])('refuses %j, which is no key', async (key) => {
      await expect(put(key, Buffer.from('x'))).rejects.toThrow();
      await expect(store.get(key)).rejects.toThrow();
      await expect(store.delete(key)).rejects.toThrow();
      expect(await everythingKept()).toEqual([]);
    });

    it('says that it can be used', async () => {
      await expect(store.check()).resolves.toBeUndefined();
    });
  });
}
