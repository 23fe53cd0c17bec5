/** SendGrid on loopback. */
import { randomBytes } from 'node:crypto';
import type { SentMail } from '../../contracts/mailer';
import { StandIn, type Answer, type SeenRequest } from '../stand-in';
import { violationsOf, type SendBody } from './contract';

export { eventOf, postEvents, signed, WEBHOOK_PUBLIC_KEY } from './events';

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** A refusal in SendGrid's words. */
export const refusal = (
  status: number,
  message: string,
  { field = null as string | null, headers = {} } = {},
): Answer => ({
  status,
  headers: { ...JSON_TYPE, ...headers },
  body: JSON.stringify({ errors: [{ message, field, help: null }] }),
});

export class SendGridStandIn extends StandIn {
  /** Every mail that it has taken, in order: what recipients would have got. */
  readonly accepted: SendBody[];

  constructor(key: string) {
    const accepted: SendBody[] = [];
    super({ check: violationsOf, answer: (request) => answer(request, key, accepted) });
    this.accepted = accepted;
  }

  override clear(): void {
    super.clear();
    this.accepted.length = 0;
  }

  /** The accepted mails as their readers see them. */
  mails(): SentMail[] {
    return this.accepted.map(readerView);
  }
}

function answer(request: SeenRequest, key: string, accepted: SendBody[]): Answer {
  if (request.headers.authorization !== `Bearer ${key}`) {
    return refusal(401, 'The provided authorization grant is invalid, expired, or revoked');
  }
  const [violation] = violationsOf(request);
  if (violation !== undefined) return refusal(400, violation);
  accepted.push(JSON.parse(request.body.toString('utf8')) as SendBody);
  return { status: 202, headers: { 'X-Message-Id': randomBytes(11).toString('base64url') } };
}

function readerView(body: SendBody): SentMail {
  const content = (type: string) => body.content.find((part) => part.type === type)?.value ?? '';
  const [envelope] = body.personalizations;
  const headers = Object.entries({ ...body.headers, ...envelope!.headers });
  return {
    headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
    to: envelope!.to.map(({ name = '', email }) => ({ name, email })),
    subject: body.subject,
    text: content('text/plain'),
    html: content('text/html'),
  };
}
