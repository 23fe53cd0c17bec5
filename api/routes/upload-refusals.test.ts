import { startTestApi, type TestApi } from '../../test/support/api';
import { eventually } from '../../test/support/poll';
import {
  begin,
  BOUNDARY,
  mp3,
  multipart,
  post,
  storedFiles,
  traces,
  upload,
} from '../../test/support/upload';

const LIMIT = 100_000;

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ env: { MAX_UPLOAD_BYTES: String(LIMIT) } });
});
afterAll(() => api.close());

const NOT_US = [
  ['HTML', '<!doctype html><html><script>alert(1)</script></html>'],
  ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
  ['ELF', '\x7fELF\x02\x01\x01'],
  ['ZIP', 'PK\x03\x04\x14\x00'],
  ['PDF', '%PDF-1.7\n'],
  ['a playlist', '#EXTM3U\nhttp://169.254.169.254/latest\n'],
  ['random bytes', '\x00\x01\x02\x03'.repeat(100)],
] as const;

const aFile = { name: 'file', fileName: 'a.mp3', content: mp3(100) };
const field = (name: string, content: string) => ({ name, content });

describe('POST /upload says no and leaves nothing behind', () => {
  async function refused(send: () => Promise<{ status: number; body: any }>, status: number, code: string) {
    const before = await traces(api);
    const answer = await send();
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
    expect(await traces(api)).toEqual(before);
    return answer;
  }

  it.each([
    ['a file of no bytes', [{ ...aFile, content: '' }], 400, 'empty-file'],
    ['one byte over the limit', [{ ...aFile, content: mp3(LIMIT + 1) }], 413, 'file-too-large'],
    ['two files', [aFile, aFile], 400, 'malformed-upload'],
    ['another field for the file', [{ ...aFile, name: 'recording' }], 400, 'malformed-upload'],
    ['no file', [field('title', 'x')], 400, 'malformed-upload'],
    ['a file without a name', [{ name: 'file', content: mp3(100) }], 400, 'malformed-upload'],
    ['a part without a name', [{ content: 'x' }, aFile], 400, 'malformed-upload'],
    ['10,000 parts', Array.from({ length: 10_000 }, () => field('title', 'x')), 400, 'malformed-upload'],
    ['a deep name', [field(`a${'[b]'.repeat(5000)}`, 'x'), aFile], 400, 'malformed-upload'],
    ['a name like an index', [field('a[999999999]', 'x'), aFile], 400, 'malformed-upload'],
    ['a long value', [field('title', 'x'.repeat(1_000_000)), aFile], 400, 'malformed-upload'],
    ['a field twice', [field('title', 'x'), field('title', 'y'), aFile], 400, 'invalid-body'],
    ['an unknown field', [field('role', 'admin'), aFile], 400, 'invalid-body'],
    ['constructor', [field('constructor', 'x'), aFile], 400, 'invalid-body'],
    ['a file name with NUL', [{ ...aFile, fileName: 'nul\0byte.mp3' }], 400, 'malformed-upload'],
    ['a file name with a line break', [{ ...aFile, fileName: 'a\r\nX: y.mp3' }], 400, 'malformed-upload'],
    ['no parts at all', [], 400, 'malformed-upload'],
    ...NOT_US.map(
      ([what, content]) =>
        [`${what} called .mp3`, [{ ...aFile, content }], 415, 'unsupported-media-type'] as const,
    ),
    ...NOT_US.map(
      ([what, content]) =>
        [
          `${what} without an extension`,
          [{ ...aFile, fileName: 'x', content }],
          415,
          'unsupported-media-type',
        ] as const,
    ),
    [
      'HTML called .txt',
      [{ ...aFile, fileName: 'a.txt', content: NOT_US[0][1] }],
      415,
      'unsupported-media-type',
    ],
    [
      'text that is no JSON',
      [{ ...aFile, fileName: 'a.json', content: '{bad' }],
      400,
      'malformed-transcript',
    ],
    [
      'WebVTT without cues',
      [{ ...aFile, fileName: 'a.vtt', content: 'WEBVTT\n' }],
      400,
      'malformed-transcript',
    ],
  ] as const)('%s', async (_what, parts, status, code) => {
    await refused(() => post(api, multipart([...parts])), status, code);
  });

  it.each([
    ['no boundary', { 'Content-Type': 'multipart/form-data' }, multipart([aFile]), 400, 'malformed-upload'],
    ['a body cut off', {}, multipart([aFile], ''), 400, 'malformed-upload'],
    ['a part header cut off', {}, Buffer.from(`--${BOUNDARY}\r\nContent-Dispo`), 400, 'malformed-upload'],
    ['no body', {}, Buffer.alloc(0), 400, 'malformed-upload'],
    ['JSON', { 'Content-Type': 'application/json' }, Buffer.from('{}'), 415, 'unsupported-media-type'],
  ] as const)('%s', async (_what, headers, body, status, code) => {
    await refused(() => post(api, body, headers), status, code);
  });

  it.each([
    [{ recordedAt: '2026-02-30' }, '/recordedAt'],
    [{ recordedAt: 'yesterday' }, '/recordedAt'],
    [{ timezone: 'Mars/Olympus' }, '/timezone'],
    [{ title: ' \u200b\0 '.trim() && '   ' }, '/title'],
    [{ title: 'x'.repeat(301) }, '/title'],
    [{ language: 'english please' }, '/language'],
    [{ notify: 'always' }, '/notify'],
    [{ participants: 'Anna' }, '/participants'],
    [{ participants: '{"name":"Anna"}' }, '/participants'],
    [{ participants: '[{"name":"Anna","email":"a@b"}]' }, '/participants/0/email'],
    [{ participants: '[{"name":"Anna","email":"a\\r\\nBcc: x@y.zz"}]' }, '/participants/0/email'],
    [{ participants: '[{"name":"Anna","email":"a@b.cc","role":"admin"}]' }, '/participants/0/role'],
    [{ participants: JSON.stringify(Array(201).fill({ name: 'A', email: 'a@b.cc' })) }, '/participants'],
  ])('the fields %j', async (fields, pointer) => {
    const send = () => upload(api, { name: 'a.mp3', bytes: mp3(100) }, fields);
    const { body } = await refused(send, 400, 'invalid-body');
    expect(body.errors.map((issue: { pointer: string }) => issue.pointer)).toContain(pointer);
  });

  it('names everything that is wrong with the fields at once', async () => {
    const { body } = await upload(
      api,
      { name: 'a.mp3', bytes: mp3(100) },
      { notify: 'x', timezone: 'y', z: '1' },
    );
    expect(body.errors).toHaveLength(3);
  });

  it('a Content-Length far over the limit, before the body is read', async () => {
    const before = await traces(api);
    const { req, answer } = begin(api, { 'Content-Length': String(LIMIT + 2 * 1024 ** 2) });
    req.flushHeaders();
    expect(await answer).toMatchObject({
      status: 413,
      body: { code: 'file-too-large' },
      headers: { connection: 'close' },
    });
    req.destroy();
    expect(await traces(api)).toEqual(before);
  });

  it('a file without end, while it still comes', async () => {
    const before = await traces(api);
    const { req, answer } = begin(api, { 'Transfer-Encoding': 'chunked' });
    req.write(multipart([aFile], '').subarray(0, -2));
    const more = setInterval(() => req.write(Buffer.alloc(16_384)), 1);
    expect(await answer.finally(() => clearInterval(more))).toMatchObject({
      status: 413,
      body: { code: 'file-too-large' },
    });
    req.destroy();
    await eventually(async () => expect(await traces(api)).toEqual(before));
  });

  it.each(['a recording', 'a transcript'])('%s whose client goes away half-way', async (what) => {
    const before = await traces(api);
    const { req, answer } = begin(api, { 'Content-Length': '50000' });
    const fileName = what === 'a recording' ? 'a.mp3' : 'a.txt';
    const content = what === 'a recording' ? mp3(20_000) : 'Ben: hello\n'.repeat(1000);
    req.write(multipart([{ ...aFile, fileName, content }], ''));
    if (what === 'a recording') await eventually(() => storedFiles(api).length === before.files + 1);
    req.destroy();
    await expect(answer).rejects.toThrow();
    await eventually(async () => expect(await traces(api)).toEqual(before));
  });
});
