/** Mails as RFC 822 files, which any mail program opens: nothing leaves the machine. */
import path from 'node:path';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Mail, Mailer } from '../../ports';
import { requireDeliverable } from '../recipient';
import { removeWithLeftovers, writeDurably } from './durable-file';

const DOMAIN = 'meetings.invalid';

export interface Sender {
  name: string;
  email: string;
}

/** One file per delivery in `directory`, named by its id: a repeated send replaces it. */
export class LocalMailer implements Mailer {
  readonly provider = 'local';

  constructor(
    private readonly directory: string,
    private readonly from: Sender = { name: 'Meetings', email: `meetings@${DOMAIN}` },
  ) {}

  async send(mail: Mail): Promise<{ providerMessageId: string }> {
    requireDeliverable(mail);
    const providerMessageId = `<${mail.deliveryId}@${DOMAIN}>`;
    await writeDurably(this.fileOf(mail.deliveryId), await this.compose(mail, providerMessageId));
    return { providerMessageId };
  }

  async forget(deliveryId: string): Promise<void> {
    await removeWithLeftovers(this.fileOf(deliveryId));
  }

  private fileOf(deliveryId: string): string {
    return path.join(this.directory, `${deliveryId}.eml`);
  }

  /** The composer encodes and folds headers, so that line breaks in names or subjects can't add any. */
  private compose(mail: Mail, messageId: string): Promise<Buffer> {
    const { deliveryId, taskId, kind, to, subject, text, html } = mail;
    const composer = new MailComposer({
      from: { name: this.from.name, address: this.from.email },
      to: { name: to.name, address: to.email },
      subject,
      text,
      html,
      messageId,
      headers: { 'X-Delivery-Id': deliveryId, 'X-Task-Id': taskId, 'X-Kind': kind },
      // As the contract spells them: the composer would write `X-Task-ID`.
      normalizeHeaderKey: (name: string) => name.replace(/^(X-.+)-ID$/, '$1-Id'),
      newline: 'windows',
      // Only the strings above: a text that names a file or URL must not pull it in.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    return composer.compile().build();
  }
}
