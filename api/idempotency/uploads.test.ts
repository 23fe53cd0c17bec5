/** One key, one meeting, one object, one run: whatever clients send at once, again, or half. */
import { randomUUID } from 'node:crypto';
import { Meeting } from '../../src/models/meeting';
import { startTestApi, type TestApi } from '../../test/support/api';
import { eventually } from '../../test/support/poll';
import { begin, mp3, multipart, post, traces, type Answer } from '../../test/support/upload';

const SAID = 'Anna Berg: Ben, can you send the budget?\nBen: Yes, I will send it by Friday.\n';
const RECORDING = mp3(300_000);

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.close());

const form = (name: string, content: Buffer | string, title = 'Planning') =>
  multipart([
    { name: 'title', content: title },
    { name: 'file', fileName: name, content },
  ]);

const send = (key: string, body: Buffer): Promise<Answer> => post(api, body, { 'Idempotency-Key': key });

const runs = async () => (await api.deps.temporal.workflow.count()).count;

/** An upload whose body stops half-way, in flight: its key is taken. */
async function half(key: string, body = form('a.mp3', RECORDING)) {
  const upload = begin(api, { 'Content-Length': String(body.length), 'Idempotency-Key': key });
  upload.answer.catch(() => undefined); // some of them are broken off
  upload.req.write(body.subarray(0, 100_000));
  await eventually(async () => (await api.knex('idempotency_keys').where({ key })).length === 1);
  return { ...upload, finish: () => upload.req.end(body.subarray(100_000)) };
}

const expireLease = (key: string) =>
  api
    .knex('idempotency_keys')
    .where({ key })
    .update({ lease_until: api.knex.raw(`now() - interval '1 second'`) });

it.each([
  ['recording', 'a.mp3', RECORDING, 1],
  ['transcript', 'a.txt', Buffer.from(SAID), 0],
])(
  '20 equal uploads of a %s at once make one meeting',
  async (_, name, bytes, files) => {
    const body = form(name, bytes);
    const answers = await Promise.all(Array.from({ length: 20 }, () => send('k', body)));
    const made = answers.filter(({ status }) => status === 201);
    const waiting = answers.filter(({ status }) => status === 409);
    expect(made.length + waiting.length).toBe(20);
    expect(made.filter(({ headers }) => !headers['idempotency-replayed'])).toHaveLength(1);
    const again = await Promise.all(Array.from({ length: 20 }, () => send('k', body)));
    for (const answer of [...made, ...again]) {
      expect(answer.body).toEqual(made[0]!.body);
      expect([answer.status, answer.headers.location]).toEqual([201, made[0]!.headers.location]);
    }
    expect(again.every(({ headers }) => headers['idempotency-replayed'] === 'true')).toBe(true);
    expect(await traces(api)).toMatchObject({ files, uploads: files, meetings: 1 });
    await eventually(async () => expect(await runs()).toBe(1));
  },
  60_000,
);

it.each([
  ['other bytes', form('a.mp3', Buffer.concat([RECORDING.subarray(0, -1), Buffer.from('!')]))],
  ['fewer bytes', form('a.mp3', RECORDING.subarray(0, -1))],
  ['another name', form('b.mp3', RECORDING)],
  ['another title', form('a.mp3', RECORDING, 'Other')],
  ['a transcript', form('a.txt', SAID)],
])('%s under a used key are refused, and nothing of them is kept', async (_, body) => {
  await send('k', form('a.mp3', RECORDING));
  const before = await traces(api);
  expect(await send('k', body)).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  expect(await traces(api)).toEqual(before);
});

it('while it is in flight, others are refused before their bodies are read', async () => {
  const first = await half('k');
  const second = begin(api, { 'Content-Length': '1000000', 'Idempotency-Key': 'k' });
  second.req.flushHeaders();
  const answer = await second.answer;
  expect(answer).toMatchObject({ status: 409, body: { code: 'idempotency-key-in-use' } });
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  second.req.destroy();
  first.finish();
  expect((await first.answer).status).toBe(201);
});

it('a client that leaves frees the key, and nothing is kept', async () => {
  const first = await half('k');
  first.req.destroy();
  await eventually(async () => expect(await api.knex('idempotency_keys')).toEqual([]));
  expect(await send('k', form('a.mp3', RECORDING))).toMatchObject({ status: 201 });
  await eventually(async () =>
    expect(await traces(api)).toMatchObject({ files: 1, uploads: 1, meetings: 1 }),
  );
});

it('one that is refused, or whose store is away, may come again', async () => {
  expect((await send('k', form('a.mp3', 'Not a sound'))).status).toBe(415);
  const { put } = api.deps.mediaStore;
  api.deps.mediaStore.put = () => Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }));
  expect((await send('k', form('a.mp3', RECORDING))).status).toBe(503);
  api.deps.mediaStore.put = put;
  expect((await send('k', form('a.mp3', RECORDING))).status).toBe(201);
});

it('whose lease is over is taken over by one; the first, should it wake, makes nothing', async () => {
  const first = await half('k');
  await expireLease('k');
  const body = form('a.mp3', RECORDING);
  const others = await Promise.all(Array.from({ length: 5 }, () => send('k', body)));
  const made = others.filter(({ status }) => status === 201);
  expect(new Set(made.map(({ body: { meetingId } }) => meetingId)).size).toBe(1);
  first.finish();
  expect(await first.answer).toMatchObject({ status: 409, body: { code: 'idempotency-key-in-use' } });
  await eventually(async () =>
    expect(await traces(api)).toMatchObject({ files: 1, uploads: 1, meetings: 1 }),
  );
});

it('the lease is renewed as long as the body comes', async () => {
  const leaseOf = async () => (await api.knex('idempotency_keys').first('lease_until')).lease_until as Date;
  const first = await half('k');
  const before = await leaseOf();
  await eventually(async () => (await leaseOf()) > before, { deadlineMs: 20_000 });
  first.finish();
  expect((await first.answer).status).toBe(201);
});

it('without a key every upload is a meeting', async () => {
  const body = form('a.mp3', RECORDING);
  await post(api, body);
  await post(api, body, { 'X-Request-Id': randomUUID() });
  expect(await Meeting.query(api.knex).resultSize()).toBe(2);
});
