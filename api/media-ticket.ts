/**
 * Tickets stand in for the bearer token where a browser can't send one: `<audio src>`. Each is for one recording and
 * some minutes, signed with a secret that all api processes read from Postgres.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Knex } from 'knex';
import type { Context } from 'koa';
import { AppError } from './errors';

const LIFE_S = 300;
/** Tickets given in the same minute are equal, so that the ETag of a meeting stays for that long. */
const STEP_S = 60;
const TICKET = /^(\d{10})\.([A-Za-z0-9_-]{43})$/;

const secrets = new WeakMap<Knex, Promise<Buffer>>();

/** Read once per process. */
function secretOf(db: Knex): Promise<Buffer> {
  const known = secrets.get(db);
  if (known) return known;
  const asked = readSecret(db);
  secrets.set(db, asked);
  asked.catch(() => secrets.delete(db)); // the caller has the error; the next one asks again
  return asked;
}

async function readSecret(db: Knex): Promise<Buffer> {
  const row = await db<{ name: string; value: Buffer }>('secrets')
    .first('value')
    .where({ name: 'media-ticket' });
  if (!row) throw new Error('the secret of the media tickets is missing: run the migrate step');
  return row.value;
}

const sign = (secret: Buffer, meetingId: string, expiresS: string): Buffer =>
  createHmac('sha256', secret).update(`${meetingId} ${expiresS}`).digest();

/** Opens the recording of this meeting for four to five minutes from `nowMs`. */
export async function mediaTicket(db: Knex, meetingId: string, nowMs = Date.now()): Promise<string> {
  const expiresS = String(Math.floor(nowMs / 1000 / STEP_S) * STEP_S + LIFE_S);
  return `${expiresS}.${sign(await secretOf(db), meetingId, expiresS).toString('base64url')}`;
}

/** True when the request has a ticket and nothing better. */
export const bringsTicket = (ctx: Context): boolean =>
  ctx.query.ticket !== undefined && ctx.get('Authorization') === '';

/** @throws AppError `unauthenticated` when the ticket is forged, over, or of another meeting. */
export async function requireTicket(db: Knex, meetingId: string, ticket: string): Promise<void> {
  const [, expiresS, signature] = TICKET.exec(ticket) ?? [];
  if (expiresS && signature && Number(expiresS) * 1000 > Date.now()) {
    const expected = sign(await secretOf(db), meetingId, expiresS);
    if (timingSafeEqual(expected, Buffer.from(signature, 'base64url'))) return;
  }
  throw new AppError(
    'unauthenticated',
    'The ticket is over or not for this recording: read the meeting again.',
  );
}
