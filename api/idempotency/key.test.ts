import { randomUUID } from 'node:crypto';
import { startTestApi, type TestApi } from '../../test/support/api';
import { mp3, multipart, post, type Answer } from '../../test/support/upload';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

describe('the header', () => {
  /** As bytes: `fetch` refuses some of these itself. */
  const upload = (key: string): Promise<Answer> =>
    post(api, multipart([{ name: 'file', fileName: `${randomUUID()}.mp3`, content: mp3(100) }]), {
      'Idempotency-Key': key,
    });

  it.each([
    ['is empty', ''],
    ['has 256 characters', 'x'.repeat(256)],
    ['has 1,000 characters', 'x'.repeat(1000)],
    ['has a space', 'a b'],
    ['is two keys', 'a, b'],
    ['has a tab', 'a\tb'],
    ['has an umlaut', 'schlüssel'],
    ['has bytes of an emoji', Buffer.from('🎉').toString('latin1')],
    ['is quoted and empty', '""'],
    ['is quoted with a space', '"a b"'],
    ['is quoted and does not end', '"abc'],
    ['is quoted with a wrong escape', '"a\\bc"'],
    ['is quoted with something behind it', '"abc"d'],
    ['is quoted with 256 characters', `"${'x'.repeat(256)}"`],
  ])('%s: 400', async (_, key) => {
    expect(await upload(key)).toMatchObject({ status: 400, body: { code: 'invalid-header' } });
  });

  it.each([
    ['a', 'a'],
    ['x'.repeat(255), 'x'.repeat(255)],
    [`"${'y'.repeat(255)}"`, 'y'.repeat(255)],
    ['"8e03978e-40d5-43dd-bc93-6894a57f9324"', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['"with \\"quotes\\" and \\\\"'.replaceAll(' ', '_'), 'with_"quotes"_and_\\'],
    ['"with-a";parameter=1', 'with-a'],
    ["!#$%&'()*+,-./:;<=>?@[]^_`{|}~", "!#$%&'()*+,-./:;<=>?@[]^_`{|}~"],
    [':YmluYXJ5:', ':YmluYXJ5:'],
  ])('%s is a key', async (sent, key) => {
    expect((await upload(sent)).status).toBe(201);
    expect(await api.knex('idempotency_keys').where({ key })).toHaveLength(1);
  });

  it('means the same with quotes and without', async () => {
    const send = (key: string) =>
      api.send('POST', '/tasks', { body: { name: 'x' }, headers: { 'Idempotency-Key': key } });
    const first = await send('quoted');
    expect((await send('"quoted"')).body.id).toBe(first.body.id);
  });
});
