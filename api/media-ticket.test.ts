/** Players open recordings by a ticket; it opens one recording for some minutes, and nothing else. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Meeting } from '../src/models/meeting';
import { startTestApi, type TestApi } from '../test/support/api';
import { TestIssuer } from '../test/support/issuer';
import { addMeeting, addUser, NO_MEDIA } from '../test/support/rows';
import { mp3, sha256 } from '../test/support/upload';
import { mediaTicket } from './media-ticket';

const BYTES = mp3(3000);
const EMAIL = 'owner@example.com';

let issuer: TestIssuer;
let api: TestApi;
let meeting: Meeting;
let other: Meeting;
beforeAll(async () => {
  issuer = await TestIssuer.start();
  api = await startTestApi({ env: issuer.env });
  const { id: ownerId } = await addUser(api.knex, { email: EMAIL });
  [meeting, other] = [await recorded(ownerId), await recorded(ownerId)];
});
afterAll(() => Promise.all([api.close(), issuer.close()]));

async function recorded(ownerId: string): Promise<Meeting> {
  const mediaKey = `recordings/${randomUUID()}`;
  await api.deps.mediaStore.put(mediaKey, Readable.from([BYTES]), { contentType: 'audio/mpeg' });
  const media = { mediaKey, mediaSha256: sha256(BYTES), mediaBytes: String(BYTES.length) };
  return addMeeting(api.knex, { ...media, ownerId });
}

const bearer = async () => ({ Authorization: `Bearer ${await issuer.token({ email: EMAIL })}` });
const linksOf = async ({ id }: Meeting) =>
  (await api.send('GET', `/meeting/${id}`, { headers: await bearer() })).body.links;
const open = (path: string, headers: Record<string, string> = {}) => fetch(api.url + path, { headers });
const withTicket = ({ id }: Meeting, ticket: string) => open(`/meeting/${id}/media?ticket=${ticket}`);

test('the link to the recording opens it without a bearer, with ranges', async () => {
  const { media } = await linksOf(meeting);
  const whole = await open(media);
  expect([whole.status, Buffer.from(await whole.arrayBuffer()).equals(BYTES)]).toEqual([200, true]);
  expect((await open(media, { Range: 'bytes=0-9' })).status).toBe(206);
  expect((await fetch(api.url + media, { method: 'HEAD' })).status).toBe(200);
});

test('a bearer opens it as well, and then no ticket is looked at', async () => {
  const path = `/meeting/${meeting.id}/media`;
  expect((await open(path, await bearer())).status).toBe(200);
  expect((await open(`${path}?ticket=old`, await bearer())).status).toBe(200);
  const stranger = { Authorization: `Bearer ${await issuer.token({ email: 'stranger@example.com' })}` };
  expect((await open((await linksOf(meeting)).media, stranger)).status).toBe(404);
});

const MINUTE_MS = 60_000;
test.each([4.9, 10, 60 * 24])(
  'a ticket that is %p minutes and more past its time is refused',
  async (minutes) => {
    const ticket = await mediaTicket(api.knex, meeting.id, Date.now() - (minutes + 0.1) * MINUTE_MS);
    const answer = await withTicket(meeting, ticket);
    expect([answer.status, answer.headers.get('Content-Type')]).toEqual([
      401,
      'application/problem+json; charset=utf-8',
    ]);
  },
);

test('a ticket lives four minutes at least', async () => {
  const ticket = await mediaTicket(api.knex, meeting.id, Date.now() - 3.9 * MINUTE_MS);
  expect((await withTicket(meeting, ticket)).status).toBe(200);
});

describe('a forged ticket is refused', () => {
  const forgeries: Record<string, (ticket: string) => string> = {
    'with a later end': (ticket) => `${Number(ticket.slice(0, 10)) + 60}${ticket.slice(10)}`,
    'with another signature': (ticket) => ticket.slice(0, 11) + 'A'.repeat(43),
    'with a shorter signature': (ticket) => ticket.slice(0, -1),
    'with a longer end': (ticket) => `9${ticket}`,
    'of nonsense': () => '../../etc/passwd',
  };
  test.each(Object.keys(forgeries))('%s', async (name) => {
    const ticket = forgeries[name]!(await mediaTicket(api.knex, meeting.id));
    expect((await withTicket(meeting, encodeURIComponent(ticket))).status).toBe(401);
  });

  test('of another meeting', async () => {
    expect((await withTicket(meeting, await mediaTicket(api.knex, other.id))).status).toBe(401);
  });

  test('nor does any change of a single character help', async () => {
    const ticket = await mediaTicket(api.knex, meeting.id);
    const other = (char: string | undefined) => (char === '1' ? '2' : '1');
    for (let at = 0; at < ticket.length - 1; at++) {
      const changed = ticket.slice(0, at) + other(ticket[at]) + ticket.slice(at + 1);
      expect([at, (await withTicket(meeting, changed)).status]).toEqual([at, 401]);
    }
  });
});

test('two tickets in one query are no ticket', async () => {
  const ticket = await mediaTicket(api.knex, meeting.id);
  const answer = await open(`/meeting/${meeting.id}/media?ticket=${ticket}&ticket=${ticket}`);
  expect(answer.status).toBe(400);
});

test('a ticket opens nothing but the recording', async () => {
  const ticket = await mediaTicket(api.knex, meeting.id);
  for (const path of ['', '/transcript.txt'])
    expect((await open(`/meeting/${meeting.id}${path}?ticket=${ticket}`)).status).toBe(401);
});

test('with the meeting deleted, or without a recording, there is nothing to open', async () => {
  const gone = await recorded(meeting.ownerId);
  await api.knex('meetings').where({ id: gone.id }).update({ deleted_at: new Date() });
  const written = await addMeeting(api.knex, { ...NO_MEDIA, ownerId: meeting.ownerId });
  expect((await linksOf(written)).media).toBeNull();
  for (const each of [gone, written]) {
    const answer = await withTicket(each, await mediaTicket(api.knex, each.id));
    expect(answer.status).toBe(404);
  }
});

test('another process of the api accepts it; tickets of one minute are equal', async () => {
  const second = await startTestApi({ db: api.knex, mediaStore: api.deps.mediaStore });
  try {
    const { media } = await linksOf(meeting);
    expect((await fetch(second.url + media)).status).toBe(200);
    expect((await fetch(`${second.url}/meeting/${meeting.id}/media?ticket=old`)).status).toBe(401);
  } finally {
    await second.close();
  }
  const at = 1_700_000_040_000;
  const [first, later, next] = await Promise.all(
    [at, at + 59_999, at + 60_000].map((ms) => mediaTicket(api.knex, meeting.id, ms)),
  );
  expect([later === first, next === first]).toEqual([true, false]);
});
