import { createServer, type AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { aMail, mailerContract } from '../../../test/support/contracts/mailer';
import { refusal, SendGridStandIn } from '../../../test/support/vendors/sendgrid';
import type { Answer, Misbehaviour } from '../../../test/support/vendors/stand-in';
import { ProviderError } from '../../provider-error';
import { SendGridMailer } from './mailer';

const KEY = 'SG.canary-9f2c71.never-to-be-seen';
const FROM = { name: 'Meetings', email: 'team@example.com' };
const DEADLINE_MS = 400;

let sendgrid: SendGridStandIn;
beforeAll(async () => {
  sendgrid = await new SendGridStandIn(KEY).listen();
});
afterAll(() => sendgrid.close());
beforeEach(() => sendgrid.clear());

const mailerAt = (baseUrl: string, apiKey = KEY) =>
  new SendGridMailer({ apiKey, baseUrl, deadlineMs: DEADLINE_MS }, FROM);
const mailer = () => mailerAt(sendgrid.url);

/** The error that a send ends in, after making sure that nothing in it says more than it should. */
async function failure(send: Promise<unknown>): Promise<ProviderError> {
  const error: unknown = await send.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ProviderError);
  const everything = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error);
  expect(everything).not.toMatch(/canary|example\.com|secret sentence|Bearer/);
  expect((error as Error).message.length).toBeLessThanOrEqual(200);
  return error as ProviderError;
}

const secretMail = () => aMail({ text: 'the secret sentence', html: '<p>the secret sentence</p>' });

mailerContract('SendGrid', async () => {
  sendgrid.clear();
  return { mailer: mailer(), sent: async () => sendgrid.mails() };
});

describe('a mail through SendGrid', () => {
  afterEach(() => expect(sendgrid.violations).toEqual([]));

  it('says who sends, is tracked by our id alone, and gives back the id to look it up by', async () => {
    const mail = secretMail();
    const { providerMessageId } = await mailer().send(mail);
    expect(providerMessageId).toMatch(/^[\w-]{10,}$/);
    expect(sendgrid.accepted).toEqual([
      expect.objectContaining({
        from: FROM,
        content: [
          expect.objectContaining({ type: 'text/plain' }),
          expect.objectContaining({ type: 'text/html' }),
        ],
        tracking_settings: {
          click_tracking: { enable: false, enable_text: false },
          open_tracking: { enable: false },
        },
      }),
    ]);
    expect(sendgrid.accepted[0]!.personalizations[0]!.custom_args).toEqual({ delivery_id: mail.deliveryId });
  });

  it('takes nothing in the texts for an instruction', async () => {
    const words = '{{7*7}} %name% -name- <%asm_group_unsubscribe_url%> {{{x}}}';
    await mailer().send(aMail({ subject: words, text: words, html: `<p>${words}</p>` }));
    const [mail] = sendgrid.mails();
    expect([mail!.subject, mail!.text, mail!.html]).toEqual([words, words, `<p>${words}</p>`]);
  });

  it('is taken once for each of twenty at once', async () => {
    const mails = Array.from({ length: 20 }, () => aMail());
    await Promise.all(mails.map((mail) => mailer().send(mail)));
    expect(sendgrid.accepted).toHaveLength(20);
  });

  it('counts as sent in the sandbox, which answers 200', async () => {
    sendgrid.next({ answer: { status: 200 } });
    await expect(mailer().send(aMail())).resolves.toEqual({ providerMessageId: null });
  });
});

const inFuture = (seconds: number) => String(Math.ceil(Date.now() / 1000) + seconds);
const html: Answer = { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<h1>canary</h1>' };
const LEAKY = 'authorization Bearer SG.canary-9f2c71 for ben@example.com';

/** The rows of SendGrid's status table: what it answers, what the error says. */
const ROWS: [name: string, answer: Answer, code: string, kind: 'permanent' | 'retried' | 'unknown'][] = [
  ['400', refusal(400, LEAKY, { field: 'from.email' }), 'mail-refused', 'permanent'],
  ['400 without a body', { status: 400 }, 'mail-refused', 'permanent'],
  ['401', refusal(401, LEAKY), 'mail-auth', 'permanent'],
  ['401 of a used up plan', refusal(401, 'Maximum credits exceeded'), 'mail-no-credits', 'permanent'],
  ['403', refusal(403, LEAKY), 'mail-forbidden', 'permanent'],
  ['404', refusal(404, 'not found'), 'mail-wrong-address', 'permanent'],
  ['405', refusal(405, 'method not allowed'), 'mail-wrong-address', 'permanent'],
  ['413', refusal(413, 'content too large'), 'mail-too-large', 'permanent'],
  ['422', refusal(422, LEAKY), 'mail-refused', 'permanent'],
  ['302', { status: 302, headers: { Location: 'http://127.0.0.1:1/' } }, 'mail-wrong-address', 'permanent'],
  ['429', refusal(429, 'too many requests'), 'mail-rate-limited', 'retried'],
  ['500', refusal(500, 'internal server error'), 'mail-unavailable', 'retried'],
  ['503', refusal(503, LEAKY), 'mail-unavailable', 'retried'],
  ['502', refusal(502, LEAKY), 'outcome-unknown', 'unknown'],
  ['504', { ...html, status: 504 }, 'outcome-unknown', 'unknown'],
  ['520 of a proxy before it', { ...html, status: 520 }, 'outcome-unknown', 'unknown'],
  ['a web page with 200', html, 'outcome-unknown', 'unknown'],
  ['JSON that is cut off', { ...html, status: 500, body: '{"errors":[{' }, 'mail-unavailable', 'retried'],
  ['errors that are none', { ...html, status: 400, body: '{"errors":[null]}' }, 'mail-refused', 'permanent'],
];

describe('what SendGrid answers', () => {
  it.each(ROWS)('%s', async (_, answer, code, kind) => {
    sendgrid.next({ answer });
    const error = await failure(mailer().send(secretMail()));
    expect([error.code, error.retryable, error.outcome]).toEqual([
      code,
      kind === 'retried',
      kind === 'unknown' ? 'unknown' : 'rejected',
    ]);
    expect(error.message).toContain(String(answer.status));
    expect(sendgrid.ledger).toHaveLength(1);
  });

  it('names the field that was refused', async () => {
    sendgrid.next({ answer: refusal(400, LEAKY, { field: 'personalizations.0.to.0.email' }) });
    const { message } = await failure(mailer().send(aMail()));
    expect(message).toContain('(400, personalizations.0.to.0.email)');
  });

  it.each<[string, () => Record<string, string>, number, number]>([
    ['X-RateLimit-Reset as a moment', () => ({ 'X-RateLimit-Reset': inFuture(17) }), 16_900, 18_000],
    ['X-RateLimit-Reset as seconds', () => ({ 'X-RateLimit-Reset': '17' }), 17_000, 17_000],
    ['Retry-After', () => ({ 'Retry-After': '17' }), 17_000, 17_000],
    ['a moment that is over', () => ({ 'X-RateLimit-Reset': inFuture(-5) }), 1000, 1000],
  ])('waits as told by %s', async (_, headers, atLeast, atMost) => {
    sendgrid.next({ answer: refusal(429, 'too many requests', { headers: headers() }) });
    const { retryAfterMs } = await failure(mailer().send(aMail()));
    expect(retryAfterMs).toBeGreaterThanOrEqual(atLeast);
    expect(retryAfterMs).toBeLessThanOrEqual(atMost);
  });

  it.each(['soon', '', '-1'])('leaves the wait open when it says %j', async (words) => {
    sendgrid.next({ answer: refusal(429, 'x', { headers: { 'X-RateLimit-Reset': words } }) });
    expect((await failure(mailer().send(aMail()))).retryAfterMs).toBeNull();
  });
});

const body = 'x'.repeat(200);

describe('a connection that fails', () => {
  it.each<[string, Misbehaviour]>([
    ['is reset after the mail was taken', { reset: true }],
    ['never answers', { hang: true }],
    ['answers too late', { delayMs: 2 * DEADLINE_MS }],
    ['drips its answer', { answer: { status: 202, body }, dripMs: 20 }],
    ['breaks off in its answer', { answer: { status: 202, body }, cutAfterBytes: 5 }],
    ['answers without end', { flood: true }],
  ])('once it stood leaves the outcome open: it %s', async (_, misbehaviour) => {
    sendgrid.next(misbehaviour);
    const error = await failure(mailer().send(secretMail()));
    expect([error.code, error.outcome]).toEqual(['outcome-unknown', 'unknown']);
    expect(sendgrid.ledger).toHaveLength(1);
  });

  it('and was reset while the mail was written leaves it open, too: who knows what was read', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const error = await failure(mailerAt(`http://127.0.0.1:${port}`).send(aMail({ text: 'x'.repeat(1e6) })));
    await new Promise((resolve) => server.close(resolve));
    expect(error.outcome).toBe('unknown');
  });

  it.each([
    ['refused', 'http://127.0.0.1:1'],
    ['to a name that does not exist', 'http://nowhere.invalid'],
    // Nobody has this address (RFC 5737): no answer to the first packet, or no way there.
    ['never established', 'http://192.0.2.1'],
  ])('because it was %s has sent nothing: tried again', async (_, baseUrl) => {
    const error = await failure(mailerAt(baseUrl).send(secretMail()));
    expect([error.code, error.retryable, error.outcome]).toEqual(['mail-unreachable', true, 'rejected']);
  });

  it('because the other side speaks no TLS has sent nothing', async () => {
    const error = await failure(mailerAt(sendgrid.url.replace('http:', 'https:')).send(secretMail()));
    expect([error.code, error.outcome]).toEqual(['mail-unreachable', 'rejected']);
    expect(sendgrid.ledger).toEqual([]);
  });
});

it('a wrong key is refused once, and not repeated anywhere', async () => {
  const error = await failure(mailerAt(sendgrid.url, 'SG.canary-wrong').send(secretMail()));
  expect([error.code, error.retryable]).toEqual(['mail-auth', false]);
});
