/** SendGrid signs its reports: ECDSA with SHA-256 over the timestamp and the bytes of the body. */
import { verify } from 'node:crypto';
import type { Context } from 'koa';
import { AppError } from './errors';

/**
 * A report that nobody took is sent again for a day, and whether it is signed anew then is not documented. That long
 * is harmless: a report that was seen once changes nothing the next time.
 */
const OLDEST_S = 24 * 3600;
/** Clocks differ. */
const LEEWAY_S = 600;

/**
 * Lets nothing pass that the owner of the key has not signed within the last day.
 * @throws AppError `invalid-signature`, with the same words for every reason but a wrong clock
 */
export function requireSignature(ctx: Context, body: Buffer, publicKeyPem: string): void {
  const signature = ctx.get('X-Twilio-Email-Event-Webhook-Signature');
  const timestamp = ctx.get('X-Twilio-Email-Event-Webhook-Timestamp');
  const signed = Buffer.concat([Buffer.from(timestamp), body]);
  if (!/^\d{1,12}$/.test(timestamp) || !verify('sha256', signed, publicKeyPem, bytesOf(signature))) {
    throw new AppError('invalid-signature', 'Sign the body as the event webhook of SendGrid does.');
  }
  const ageS = Date.now() / 1000 - Number(timestamp);
  if (ageS > OLDEST_S + LEEWAY_S || ageS < -LEEWAY_S) {
    throw new AppError('invalid-signature', 'It was signed too long ago, or one of our clocks is wrong.');
  }
}

const bytesOf = (signature: string) => Buffer.from(signature, 'base64');
