import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Koa from 'koa';
import { LocalMediaStore } from '../../src/providers/local/media-store';
import { begin, mp3, multipart } from '../../test/support/upload';
import { AppError } from '../errors';
import type { LeasedObject } from './lease';
import { receive } from './receive';

const IDLE_MS = 200;

let directory: string;
let server: Server;
let progress: number;

/** An app that only receives, and answers with the code of what went wrong. */
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'receive-'));
  progress = 0;
  const store = new LocalMediaStore(directory);
  const app = new Koa();
  app.use(async (ctx) => {
    const onProgress = () => (progress += 1);
    const put: LeasedObject['put'] = async (body, options) => ({
      ...(await store.put('a', body, options)),
      key: 'a',
    });
    const options = { object: { put }, maxBytes: 10_000_000, idleMs: IDLE_MS, onProgress };
    ctx.body = await receive(ctx, options).then(
      () => ({ code: null }),
      (error: unknown) => ({ code: error instanceof AppError ? error.code : String(error) }),
    );
  });
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(directory, { recursive: true });
});

const start = () =>
  begin({ port: (server.address() as AddressInfo).port }, { 'Transfer-Encoding': 'chunked' });
const whole = multipart([{ name: 'file', fileName: 'a.mp3', content: mp3(100_000) }]);

describe('a client that stops sending', () => {
  it('is told so, and nothing is kept', async () => {
    const { req, answer } = start();
    req.write(whole.subarray(0, 50_000));
    expect(await answer).toMatchObject({
      body: { code: 'request-timeout' },
      headers: { connection: 'close' },
    });
    expect(await readdir(directory)).toEqual([]);
    req.destroy();
  });

  it('is waited for as long as bytes trickle', async () => {
    const { req, answer } = start();
    for (let at = 0; at < whole.length; at += 10_000) {
      req.write(whole.subarray(at, at + 10_000));
      await pause(IDLE_MS / 4);
    }
    req.end();
    expect(await answer).toMatchObject({ body: { code: null } });
    expect(progress).toBeGreaterThan(3);
  });
});
