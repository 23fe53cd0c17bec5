/**
 * The way to a consent page and back: `state` says for whom, signed together with a secret that only the browser that
 * set out has, as a cookie. So nobody can make another person's calendar theirs, or theirs another's.
 */
import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Knex } from 'knex';
import { AppError } from './errors';

/** Time to read the page and say yes. */
export const STATE_LIFE_S = 600;
const STATE = /^([0-9a-f-]{36})\.([\w-]{22})\.(\d{10})\.([\w-]{43})$/;

export interface Departure {
  state: string;
  /** For the cookie. */
  secret: string;
}

/** `tokenKey` is 32 bytes in base64; what signs is derived from it. */
export function depart(userId: string, tokenKey: string, nowMs = Date.now()): Departure {
  const secret = randomBytes(32).toString('base64url');
  const nonce = randomBytes(16).toString('base64url');
  const said = `${userId}.${nonce}.${Math.floor(nowMs / 1000) + STATE_LIFE_S}`;
  return { state: `${said}.${sign(said, secret, tokenKey)}`, secret };
}

/**
 * Whose way back this is. Each is gone once.
 * @throws AppError `calendar-state-invalid` when it is forged, over, taken before, or of another browser.
 */
export async function arrive(
  db: Knex,
  { state, secret }: Departure,
  tokenKey: string,
  nowMs = Date.now(),
): Promise<{ userId: string }> {
  const [, userId, nonce, expiresS, signature] = STATE.exec(state) ?? [];
  if (!userId || !nonce || !expiresS || !signature) throw stateInvalid();
  const expected = sign(`${userId}.${nonce}.${expiresS}`, secret, tokenKey);
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(signature))) throw stateInvalid();
  if (Number(expiresS) * 1000 <= nowMs || !(await spend(db, nonce, expiresS))) throw stateInvalid();
  return { userId };
}

const stateInvalid = () =>
  new AppError('calendar-state-invalid', 'Start again with GET /calendar/connect, in the same browser.');

function sign(said: string, secret: string, tokenKey: string): string {
  const key = hkdfSync('sha256', Buffer.from(tokenKey, 'base64'), '', 'state of a consent', 32);
  return createHmac('sha256', Buffer.from(key)).update(`${said}.${secret}`).digest('base64url');
}

/** False when it was spent before: the primary key decides between two at once. */
async function spend(db: Knex, nonce: string, expiresS: string): Promise<boolean> {
  await db('spent_states').where('expires_at', '<', db.fn.now()).delete();
  const spent = await db('spent_states')
    .insert({ nonce, expires_at: new Date(Number(expiresS) * 1000) })
    .onConflict()
    .ignore()
    .returning('nonce');
  return spent.length === 1;
}
