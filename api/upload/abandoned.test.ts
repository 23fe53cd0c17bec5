/** An upload and the janitor at the same object: in the end there is a meeting with its recording, or nothing at all. */
import { randomInt } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { ActivityDeps } from '../../activities/deps';
import { removeAbandonedUploads } from '../../activities/remove-abandoned-uploads';
import { LOCAL_USER } from '../../src/db/seed';
import { Meeting } from '../../src/models/meeting';
import { Upload } from '../../src/models/upload';
import type { MediaStore } from '../../src/ports';
import { LocalMediaStore } from '../../src/providers/local/media-store';
import { rowDeps } from '../../test/support/activity-deps';
import { startTestApi, type TestApi } from '../../test/support/api';
import { eventually } from '../../test/support/poll';
import { abandon, openLease, renewLease } from './lease';

const directory = mkdtempSync(path.join(tmpdir(), 'abandoned-'));
const files = () =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(path.join(directory, name)).isFile(),
  );

/** Stops behind the last byte until it is let go. */
class GatedStore extends LocalMediaStore {
  stored = Promise.resolve();
  override async put(...args: Parameters<MediaStore['put']>) {
    const result = await super.put(...args);
    await this.stored;
    return result;
  }
}
const store = new GatedStore(directory);

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ mediaStore: store });
});
afterAll(async () => {
  await api.close();
  rmSync(directory, { recursive: true, force: true });
});
beforeEach(async () => {
  store.stored = Promise.resolve();
  await Upload.query(api.knex).delete();
  await Meeting.query(api.knex).delete();
  rmSync(directory, { recursive: true, force: true });
});

function sweep(mediaStore: MediaStore = store): Promise<number> {
  const deps = { ...rowDeps(api.knex), providers: { mediaStore } } as ActivityDeps;
  return new MockActivityEnvironment().run(() => removeAbandonedUploads(deps));
}
const expire = () => Upload.query(api.knex).patch({ leaseUntil: new Date(0) });

async function send(): Promise<{ status: number; code?: string }> {
  const form = new FormData();
  form.set('file', new Blob([Buffer.concat([Buffer.from('ID3\x04'), Buffer.alloc(5000)])]), 'talk.mp3');
  const answer = await fetch(`${api.url}/upload`, { method: 'POST', body: form });
  const { code } = (await answer.json()) as { code?: string };
  return { status: answer.status, ...(code !== undefined && { code }) };
}

/** An upload of which every byte is stored and whose meeting is not yet. */
async function stalled(): Promise<{ release: () => void; answer: ReturnType<typeof send> }> {
  const gate = Promise.withResolvers<void>();
  store.stored = gate.promise;
  const answer = send();
  await eventually(() => files().length === 1);
  return { release: gate.resolve, answer };
}

const meetingsAndObjects = async () => {
  const meetings = await Meeting.query(api.knex);
  const sizes = await Promise.all(meetings.map(({ mediaKey }) => store.size(mediaKey!)));
  return { meetings: meetings.length, sizes, files: files().length };
};
const NOTHING = { meetings: 0, sizes: [], files: 0 };
const WHOLE = { meetings: 1, sizes: [5004], files: 1 };

async function leave(state: Upload['state'], leaseUntil: Date): Promise<Upload> {
  const lease = await openLease(api.knex, LOCAL_USER.id);
  await store.put(lease.mediaKey, Readable.from([Buffer.from('x')]), { contentType: 'audio/mpeg' });
  return Upload.query(api.knex).patchAndFetchById(lease.id, { state, leaseUntil });
}

test('what an upload left that died goes with its row; live and stored ones stay', async () => {
  await leave('receiving', new Date(Date.now() - 1000));
  await leave('abandoned', new Date(Date.now() - 1000));
  const live = await leave('receiving', new Date(Date.now() + 60_000));
  const kept = await leave('stored', new Date(0));
  expect(await sweep()).toBe(2);
  const rows = await Upload.query(api.knex);
  expect(rows.map(({ id }) => id).sort()).toEqual([live.id, kept.id].sort());
  expect(files()).toHaveLength(2);
});

test('a recording that a meeting refers to stays, whatever the row of its upload says', async () => {
  expect((await send()).status).toBe(201);
  await Upload.query(api.knex).patch({ state: 'receiving', leaseUntil: new Date(0) });
  expect(await sweep()).toBe(0);
  expect(await meetingsAndObjects()).toEqual(WHOLE);
});

test('a store that fails keeps nothing else from being removed, and is asked again', async () => {
  const stuck = await leave('receiving', new Date(0));
  await leave('receiving', new Date(1000));
  const failing = Object.assign(Object.create(store) as MediaStore, {
    delete: (key: string) => (key === stuck.mediaKey ? Promise.reject(new Error('away')) : store.delete(key)),
  });
  expect(await sweep(failing)).toBe(1);
  expect(await sweep()).toBe(0);
  await expire();
  expect(await sweep()).toBe(1);
  expect(files()).toEqual([]);
});

test('the janitor was first: the upload is refused, and nothing is left of it', async () => {
  const { release, answer } = await stalled();
  await expire();
  expect(await sweep()).toBe(1);
  release();
  expect(await answer).toEqual({ status: 503, code: 'service-unavailable' });
  expect(await meetingsAndObjects()).toEqual(NOTHING);
  expect(await Upload.query(api.knex)).toEqual([]);
});

test('an upload that has renewed its lease is not touched', async () => {
  const { release, answer } = await stalled();
  await expire();
  await renewLease(api.knex, (await Upload.query(api.knex).first())!);
  expect(await sweep()).toBe(0);
  release();
  expect((await answer).status).toBe(201);
  expect(await meetingsAndObjects()).toEqual(WHOLE);
});

test('both at once, often: never a meeting without its recording, never a recording without a meeting', async () => {
  const seen = { stored: 0, refused: 0 };
  for (let round = 0; round < 40; round++) {
    const { release, answer } = await stalled();
    await expire();
    const delayMs = randomInt(0, 25);
    const swept = pause(delayMs).then(() => sweep());
    release();
    const { status } = await answer;
    await swept;
    expect([round, delayMs, await meetingsAndObjects()]).toEqual([
      round,
      delayMs,
      status === 201 ? WHOLE : NOTHING,
    ]);
    seen[status === 201 ? 'stored' : 'refused']++;
    await Upload.query(api.knex).delete();
    await Meeting.query(api.knex).delete();
    rmSync(directory, { recursive: true, force: true });
  }
  console.log(`stored ${seen.stored}, refused ${seen.refused}`);
});

test('when the answer to the commit is lost, giving up leaves the meeting and its recording alone', async () => {
  expect((await send()).status).toBe(201);
  await abandon(api.knex, store, (await Upload.query(api.knex).first())!);
  expect(await meetingsAndObjects()).toEqual(WHOLE);
});
