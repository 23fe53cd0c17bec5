/** The other direction: SendGrid's event webhook, signed as SendGrid does. */
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** As SendGrid's settings page shows it: SPKI, DER, base64. */
export const WEBHOOK_PUBLIC_KEY = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');

export interface MailEvent {
  event: string;
  sg_event_id: string;
  timestamp: number;
  [more: string]: unknown;
}

/** An event about a mail as the vendor writes it: our own arguments stand beside theirs. */
export const eventOf = (event: string, deliveryId: string, more: object = {}): MailEvent => ({
  email: 'ben@example.com',
  timestamp: Math.floor(Date.now() / 1000),
  'smtp-id': '<14c5d75ce93.dfd.64b469@ismtpd-555>',
  event,
  sg_event_id: randomUUID(),
  sg_message_id: `${randomUUID().replaceAll('-', '')}.recvd-5f54b5d587-pczjm-1-67BADEEA-6.0`,
  delivery_id: deliveryId,
  ...more,
});

/** Headers of a signed request. `secondsAgo` = when it was signed. */
export function signed(body: string | Buffer, secondsAgo = 0): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000) - secondsAgo);
  const words = Buffer.concat([Buffer.from(timestamp), Buffer.from(body)]);
  return {
    'Content-Type': 'application/json',
    'X-Twilio-Email-Event-Webhook-Signature': sign('sha256', words, privateKey).toString('base64'),
    'X-Twilio-Email-Event-Webhook-Timestamp': timestamp,
  };
}

/** Posts events to the product, signed; SendGrid separates them by line breaks. */
export async function postEvents(apiUrl: string, events: unknown[]): Promise<Response> {
  const body = `[${events.map((event) => JSON.stringify(event)).join(',\r\n')}]\r\n`;
  return fetch(`${apiUrl}/webhooks/sendgrid`, { method: 'POST', headers: signed(body), body });
}
