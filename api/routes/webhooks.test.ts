import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { Delivery } from '../../src/models/delivery';
import { MailEvent } from '../../src/models/mail-event';
import { MeetingEvent } from '../../src/models/meeting-event';
import { startTestApi, type TestApi } from '../../test/support/api';
import { addMeeting, addTask } from '../../test/support/rows';
import { eventOf, postEvents, signed, WEBHOOK_PUBLIC_KEY } from '../../test/support/vendors/sendgrid';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ env: { SENDGRID_WEBHOOK_PUBLIC_KEY: WEBHOOK_PUBLIC_KEY } });
});
afterAll(() => api.close());

async function aDelivery(columns: Partial<Delivery> = {}): Promise<Delivery> {
  const { id: meetingId } = await addMeeting(api.knex);
  const { id: taskId, ownerId } = await addTask(api.knex, { meetingId });
  const error = { code: 'outcome-unknown', message: 'Unclear.' };
  const line = { taskId, userId: ownerId, channel: 'email', kind: 'assigned', taskVersion: 1 } as const;
  return Delivery.query(api.knex)
    .insert({ ...line, state: 'unknown', error, ...columns })
    .returning('*')
    .execute();
}

const report = async (...events: unknown[]) => (await postEvents(api.url, events)).status;
const fate = async ({ id }: Delivery) => {
  const { state, error } = await Delivery.query(api.knex).findById(id).throwIfNotFound();
  return error ? `${state} ${error.code}` : state;
};
const recorded = ({ id: deliveryId }: Delivery) => MailEvent.query(api.knex).where({ deliveryId });

/** Posts a body under any headers. */
async function post(body: string, headers: Record<string, string>) {
  const { status, body: answer } = await api.send('POST', '/webhooks/sendgrid', { body, headers });
  return [status, answer.code as string | undefined];
}

describe('a report of SendGrid', () => {
  it.each(['processed', 'deferred', 'delivered'])('%s: the unknown mail was sent', async (event) => {
    const delivery = await aDelivery();
    const sg_message_id = 'filterless-id_1.recvd-5f54b5d587.0';
    expect(await report(eventOf(event, delivery.id, { sg_message_id }))).toBe(204);
    expect(await fate(delivery)).toBe('sent');
    const { providerMessageId } = await Delivery.query(api.knex).findById(delivery.id).throwIfNotFound();
    expect(providerMessageId).toBe('filterless-id_1');
  });

  it.each([
    ['bounce', { type: 'bounce', reason: '550 5.1.1 <ben@example.com> unknown' }, 'failed mail-bounced'],
    ['bounce', { type: 'blocked', reason: '550 spam' }, 'failed mail-blocked'],
    ['dropped', { reason: 'Bounced Address' }, 'failed mail-dropped'],
  ])('%s %p: the mail is lost, even one that was sent', async (event, more, expected) => {
    const delivery = await aDelivery({ state: 'sent', error: null });
    expect(await report(eventOf(event, delivery.id, more))).toBe(204);
    expect(await fate(delivery)).toBe(expected);
  });

  it('may come late, twice, and before the one that it follows', async () => {
    const delivery = await aDelivery();
    const [processed, bounced] = [eventOf('processed', delivery.id), eventOf('bounce', delivery.id)];
    await report(bounced, bounced);
    await report(processed);
    await Promise.all(Array.from({ length: 10 }, () => report(processed, bounced)));
    expect(await fate(delivery)).toBe('failed mail-bounced');
    expect(await recorded(delivery)).toHaveLength(2);
  });

  it('is told to whoever watches the meeting, each change once', async () => {
    const delivery = await aDelivery();
    const events = ['processed', 'delivered', 'bounce'].map((event) => eventOf(event, delivery.id));
    await report(...events);
    await report(...events);
    const told = await MeetingEvent.query(api.knex)
      .where({ type: 'delivery' })
      .whereJsonSupersetOf('data', { taskId: delivery.taskId })
      .orderBy('seq');
    expect(told.map(({ data }) => data.state)).toEqual(['sent', 'failed']);
  });

  it('is kept without the address and the reason that it quotes', async () => {
    const delivery = await aDelivery();
    await report(eventOf('bounce', delivery.id, { reason: 'ben@example.com is not here' }));
    expect(JSON.stringify(await recorded(delivery))).not.toContain('ben');
    const row = await Delivery.query(api.knex).findById(delivery.id);
    expect(JSON.stringify(row)).not.toContain('ben@');
  });

  it('about other mails, or of other kinds, changes nothing and is taken', async () => {
    const delivery = await aDelivery();
    const calendar = await aDelivery({ channel: 'calendar' });
    const strange = [
      eventOf('delivered', randomUUID()),
      eventOf('delivered', 'not an id'),
      eventOf('open', delivery.id),
      eventOf('delivered', calendar.id),
      eventOf('delivered', delivery.id, { sg_event_id: 7 }),
      eventOf('delivered', delivery.id, { sg_event_id: 'a\u0000b' }),
      null,
      7,
      [],
    ];
    expect(await report(...strange)).toBe(204);
    expect([await fate(delivery), await fate(calendar)]).toEqual(Array(2).fill('unknown outcome-unknown'));
    expect(await report(eventOf('delivered', delivery.id, { timestamp: 'never' }))).toBe(204);
    expect(await fate(delivery)).toBe('sent');
  });
});

describe('a report that SendGrid did not sign', () => {
  const SIGNATURE = 'X-Twilio-Email-Event-Webhook-Signature';
  const TIMESTAMP = 'X-Twilio-Email-Event-Webhook-Timestamp';
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const forged = (body: string, timestamp: string) =>
    sign('sha256', Buffer.from(timestamp + body), other).toString('base64');

  it.each<[string, (body: string) => Record<string, string>]>([
    ['has no signature', () => ({ 'Content-Type': 'application/json' })],
    ['has no timestamp', (body) => ({ ...signed(body), [TIMESTAMP]: '' })],
    ['has another timestamp', (body) => ({ ...signed(body, 5), [TIMESTAMP]: signed(body)[TIMESTAMP]! })],
    [
      'is signed by another',
      (body) => ({ ...signed(body), [SIGNATURE]: forged(body, signed(body)[TIMESTAMP]!) }),
    ],
    ['was signed for another body', (body) => signed(`${body} `)],
    ['has words for a signature', (body) => ({ ...signed(body), [SIGNATURE]: 'let me in' })],
    ['was signed two days ago', (body) => signed(body, 2 * 24 * 3600)],
    ['will be signed in an hour', (body) => signed(body, -3600)],
  ])('is refused: it %s', async (_, headersFor) => {
    const delivery = await aDelivery();
    const body = JSON.stringify([eventOf('delivered', delivery.id)]);
    expect(await post(body, headersFor(body))).toEqual([401, 'invalid-signature']);
    expect(await fate(delivery)).toBe('unknown outcome-unknown');
    expect(await recorded(delivery)).toEqual([]);
  });

  it('is taken when it was kept back for hours by an outage of ours', async () => {
    const delivery = await aDelivery();
    const body = JSON.stringify([eventOf('delivered', delivery.id)]);
    expect((await post(body, signed(body, 20 * 3600)))[0]).toBe(204);
    expect(await fate(delivery)).toBe('sent');
  });
});

describe('a signed body', () => {
  it.each([
    ['no JSON', '[{', 400, 'malformed-json'],
    ['no list', '{"event":"delivered"}', 400, 'invalid-body'],
    ['nothing', '', 400, 'malformed-json'],
    ['larger than 1 MB', `["${'x'.repeat(1024 * 1024)}"]`, 413, 'payload-too-large'],
    ['nested deeply', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 204, undefined],
  ])('that is %s', async (_, body, status, code) => {
    expect(await post(body, signed(body))).toEqual([status, code]);
  });

  it('of a thousand reports is taken whole', async () => {
    const deliveries = await Promise.all(Array.from({ length: 20 }, () => aDelivery()));
    const events = deliveries.flatMap(({ id }) => Array.from({ length: 50 }, () => eventOf('processed', id)));
    expect(await report(...events)).toBe(204);
    expect(new Set(await Promise.all(deliveries.map(fate)))).toEqual(new Set(['sent']));
  });
});

it('without a key nobody can report anything', async () => {
  const closed = await startTestApi();
  const body = '[]';
  const { status, body: problem } = await closed.send('POST', '/webhooks/sendgrid', {
    body,
    headers: signed(body),
  });
  expect([status, problem.code]).toEqual([404, 'not-found']);
  await closed.close();
});
