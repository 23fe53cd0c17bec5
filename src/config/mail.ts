/** What mails need. */
import { createPublicKey } from 'node:crypto';
import type { Values } from './providers';
import type { Variable } from './schema';

type Text = (name: Variable) => string | null;

export const mailSettings = (provider: string, text: Text) => ({
  fromEmail: text('SENDGRID_FROM_EMAIL'),
  fromName: text('SENDGRID_FROM_NAME'),
  /** null = another mailer was chosen. */
  sendgrid:
    provider === 'sendgrid'
      ? { apiKey: text('SENDGRID_API_KEY') ?? '', baseUrl: text('SENDGRID_BASE_URL') }
      : null,
  /** PEM; null = nobody reports what became of the mails. */
  webhookPublicKey: text('SENDGRID_WEBHOOK_PUBLIC_KEY'),
});

/** SendGrid sends for verified senders only: there is no default that could work. */
export const mailProblems = (provider: string, values: Values): string[] =>
  provider === 'sendgrid' && values.SENDGRID_FROM_EMAIL === undefined
    ? ['SENDGRID_FROM_EMAIL is missing: the address of a sender that SendGrid has verified']
    : [];

/** The key as SendGrid's settings show it (base64), or as PEM, perhaps on one line with `\n`; as PEM. null = neither. */
export function parsePublicKey(value: string): string | null {
  const words = value.replaceAll('\\n', '\n');
  const base64 = words.replace(/-----[A-Z ]+-----/g, '').replace(/\s/g, '');
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ec' ? key.export({ format: 'pem', type: 'spki' }).toString() : null;
  } catch {
    // Whatever it is, it is no key.
    return null;
  }
}
