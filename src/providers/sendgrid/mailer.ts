import type { Mail, Mailer } from '../../ports';
import { requireDeliverable } from '../recipient';
import { call, type Answered, type Connection } from './call';
import { failureOf, isAccepted } from './failures';
import { messageOf } from './message';

/** `x-message-id` of an answer is the beginning of `sg_message_id` in the events about the mail. */
const MESSAGE_ID = /^[\w.-]{1,100}$/;

/**
 * Mails through SendGrid, which has no idempotency key: when an answer leaves open whether the mail was taken, the
 * error says `outcome: 'unknown'`, and the event webhook or a person settles it.
 */
export class SendGridMailer implements Mailer {
  readonly provider = 'sendgrid';

  constructor(
    private readonly connection: Connection,
    private readonly from: { name: string; email: string },
  ) {}

  async send(mail: Mail): Promise<{ providerMessageId: string | null }> {
    requireDeliverable(mail);
    const answer = await call(messageOf(mail, this.from), this.connection);
    if (answer.status === null || !isAccepted(answer)) throw failureOf(answer);
    return { providerMessageId: messageIdIn(answer) };
  }
}

function messageIdIn({ headers }: Answered): string | null {
  const id = headers['x-message-id'];
  return typeof id === 'string' && MESSAGE_ID.test(id) ? id : null;
}
