import { rm } from 'node:fs/promises';
import path from 'node:path';
import { LocalMediaStore } from '../../src/providers/local/media-store';
import { startTestApi, type TestApi } from '../../test/support/api';
import { addMeeting, addUser, NO_MEDIA } from '../../test/support/rows';
import { mp3, sha256, upload } from '../../test/support/upload';

const BYTES = mp3(5000);

let api: TestApi;
let url: string;
beforeAll(async () => {
  api = await startTestApi();
  const { body } = await upload(api, { name: 'a.mp3', bytes: BYTES }, { title: '会議 / "Test"' });
  url = `${api.url}/meeting/${body.meetingId}/media`;
});
afterAll(() => api.close());

const get = async (headers: Record<string, string> = {}) => {
  const answer = await fetch(url, { headers, redirect: 'manual' });
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
};

describe('GET /meeting/:meetingId/media', () => {
  it('gives the whole recording as a download', async () => {
    const { status, headers, bytes } = await get();
    expect({ status, same: bytes.equals(BYTES) }).toEqual({ status: 200, same: true });
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'audio/mpeg',
      'content-length': '5000',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      etag: `"${sha256(BYTES)}"`,
    });
    expect(headers.get('content-disposition')).toMatch(/^attachment; .*filename\*=UTF-8''%E4%BC%9A%E8%AD%B0/);
  });

  it.each([
    ['bytes=0-99', 0, 100],
    ['bytes=4990-', 4990, 5000],
    ['bytes=-10', 4990, 5000],
  ])('gives the range %s', async (range, from, to) => {
    const { status, headers, bytes } = await get({ Range: range });
    expect({ status, range: headers.get('content-range') }).toEqual({
      status: 206,
      range: `bytes ${from}-${to - 1}/5000`,
    });
    expect(bytes.equals(BYTES.subarray(from, to))).toBe(true);
  });

  it('says when there are no such bytes', async () => {
    const { status, headers, bytes } = await get({ Range: 'bytes=5000-' });
    expect({ status, range: headers.get('content-range') }).toEqual({ status: 416, range: 'bytes */5000' });
    expect(JSON.parse(bytes.toString())).toMatchObject({ code: 'range-not-satisfiable' });
  });

  it('goes on only with the same recording, and sends nothing that the client has', async () => {
    const etag = `"${sha256(BYTES)}"`;
    expect((await get({ Range: 'bytes=0-9', 'If-Range': etag })).status).toBe(206);
    expect((await get({ Range: 'bytes=0-9', 'If-Range': '"other"' })).status).toBe(200);
    expect((await get({ 'If-None-Match': etag })).status).toBe(304);
  });

  it('is not there for a ready transcript, nor for somebody else', async () => {
    const { body } = await upload(api, { name: 'a.txt', bytes: 'Ben: hello' });
    expect((await api.send('GET', `/meeting/${body.meetingId}/media`)).status).toBe(404);
    const stranger = await addUser(api.knex);
    const answer = await api.send('GET', new URL(url).pathname, { as: stranger.id });
    expect(answer).toMatchObject({ status: 404, body: { code: 'not-found' } });
    const meeting = await addMeeting(api.knex, NO_MEDIA);
    expect((await api.send('GET', `/meeting/${meeting.id}/media`)).status).toBe(404);
  });

  it('says that the recording can not be read when its file is gone', async () => {
    const meeting = await addMeeting(api.knex);
    expect(await api.send('GET', `/meeting/${meeting.id}/media`)).toMatchObject({
      status: 404,
      body: { code: 'not-found' },
    });
  });

  it('sends the client to the URL of a store that has them', async () => {
    const directory = path.join(api.deps.config.server.dataDir, 'urls');
    const signedUrl = async (key: string) => `https://store.example/${key}?signed`;
    const mediaStore = Object.assign(new LocalMediaStore(directory), { signedUrl });
    const other = await startTestApi({ mediaStore });
    try {
      const { body } = await upload(other, { name: 'a.mp3', bytes: BYTES });
      const answer = await fetch(`${other.url}/meeting/${body.meetingId}/media`, { redirect: 'manual' });
      expect(answer.status).toBe(302);
      expect(answer.headers.get('location')).toMatch(/^https:\/\/store\.example\/recordings\/.*\?signed$/);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    } finally {
      await other.close();
      await rm(directory, { recursive: true, force: true });
    }
  });
});
