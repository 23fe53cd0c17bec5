/**
 * How much a process grows while it puts a large recording into a store: `node dist/test/bench/store-memory.js s3 1024`
 * or `supabase`. The stand-in runs in a process of its own. Prints `STORE_RSS <store> growth MB (goal)`.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { MediaStore } from '../../src/ports';
import { S3MediaStore } from '../../src/providers/s3/media-store';
import { SupabaseMediaStore } from '../../src/providers/supabase/media-store';
import * as s3 from '../support/vendors/s3/stand-in';
import * as supabase from '../support/vendors/supabase/stand-in';

const MB = 1024 ** 2;
const GOAL_MB = 96;
const CHUNK_BYTES = 65_536;

const STANDS = {
  s3: async () => (await s3.startS3()).s3.url,
  supabase: async () => (await supabase.startSupabase()).supabase.url,
};
type Name = keyof typeof STANDS;

const stores: Record<Name, (url: string) => MediaStore> = {
  s3: (endpoint) =>
    new S3MediaStore({
      bucket: s3.BUCKET,
      region: s3.ACCOUNT.region,
      credentials: s3.ACCOUNT,
      endpoint,
      forcePathStyle: true,
    }),
  supabase: (url) => new SupabaseMediaStore({ url, serviceRoleKey: supabase.KEY, bucket: supabase.BUCKET }),
};

/** Fresh buffers, as a network gives them. */
async function* recording(bytes: number): AsyncGenerator<Buffer> {
  for (let sent = 0; sent < bytes; sent += CHUNK_BYTES) {
    yield Buffer.alloc(Math.min(CHUNK_BYTES, bytes - sent), sent / CHUNK_BYTES);
    await setImmediate();
  }
}

async function put(store: MediaStore, key: string, bytes: number): Promise<void> {
  const body = Readable.from(recording(bytes), { objectMode: false });
  const stored = await store.put(key, body, { contentType: 'audio/mpeg' });
  if (stored.bytes !== bytes) throw new Error(`only ${stored.bytes} bytes were stored`);
}

async function measure(name: Name, megabytes: number): Promise<void> {
  const standIn = fork(__filename, [name, 'serve']);
  const [url] = (await once(standIn, 'message')) as [string];
  const store = stores[name](url);
  await put(store, 'recordings/small', 9 * MB); // everything that is loaded with the first one is loaded
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);
  const startedAt = performance.now();
  await put(store, 'recordings/large', megabytes * MB);
  clearInterval(watch);
  const seconds = (performance.now() - startedAt) / 1000;
  standIn.kill();
  console.log(`STORE_RSS ${name} ${((most - before) / MB).toFixed(1)} MB (goal ${GOAL_MB})`);
  console.log(`STORE_THROUGHPUT ${name} ${(megabytes / seconds).toFixed(0)} MB/s`);
}

async function main([name = 's3', size = '1024']: string[]): Promise<void> {
  if (size !== 'serve') return measure(name as Name, Number(size));
  process.send?.(await STANDS[name as Name]());
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
