/** The row that says "somebody works on the request with this key", and later what was answered. */
import type { Knex } from 'knex';
import { raw, type Transaction } from 'objection';
import { IdempotencyKey } from '../../src/models/idempotency-key';
import { Meeting } from '../../src/models/meeting';
import { AppError, notFound } from '../errors';
import type { Claim, Reply, ShownRows } from '../route';
import { fingerprintOf } from './fingerprint';

/** So long a key stays taken when its process dies. Three renewals may fail before somebody else takes it. */
const LEASE_END = `now() + interval '20 seconds'`;
export const RENEW_MS = 5_000;

/** Inserts the row, or takes one over that nobody works on any more or whose answer is too old to count. */
const TAKE = `
  insert into idempotency_keys as old (user_id, key, route, lease_until) values (:userId, :key, :route, ${LEASE_END})
  on conflict (user_id, key) do update
    set (route, holder, lease_until, created_at, state, fingerprint, response_status, response_headers, response_body,
         meeting_id, made_user_id)
      = (excluded.route, excluded.holder, excluded.lease_until, now(), 'running', null, null, null, null, null, null)
    where (old.state = 'running' and old.lease_until < now())
       or (old.state = 'done' and old.created_at < now() - interval '24 hours')
  returning holder`;

/** Short work is done in a moment, long work will take as long again; with the lease it ends in any case. */
const RETRY_AFTER_S = `ceil(greatest(1, least(
  extract(epoch from lease_until - now()), extract(epoch from now() - created_at))))::int as retry_after_s`;

export interface Wanted {
  userId: string;
  key: string;
  /** Method and path, parameters filled in. */
  route: string;
}

/**
 * Takes the key for this request, or finds the answer that was given under it. Of many that come at once one takes it.
 * @throws AppError `idempotency-key-in-use` with `Retry-After`, `idempotency-key-reused` for another route, `not-found`
 * when the answer is about a meeting that is being erased
 */
export async function claimKey(db: Knex, wanted: Wanted): Promise<Claim | HeldKey> {
  const { rows } = await db.raw<{ rows: { holder: string }[] }>(TAKE, { ...wanted });
  const [taken] = rows;
  return taken ? new HeldKey(db, { ...wanted, holder: taken.holder }) : earlier(db, wanted);
}

/** A key that this request has; `release` it unless an answer was kept. */
export class HeldKey implements Claim {
  readonly answer = null;
  private fingerprint: string | null = null;

  constructor(
    private readonly db: Knex,
    private readonly mine: Wanted & { holder: string },
  ) {}

  match(content: unknown): void {
    this.fingerprint = fingerprintOf(content);
  }

  /** @throws AppError `idempotency-key-in-use` when the lease was over and another request has taken the key */
  async keep(trx: Transaction, { status, headers, body }: Reply, shown: ShownRows = {}): Promise<void> {
    const kept = await this.whileMine(trx).patch({
      ...shown,
      state: 'done',
      fingerprint: this.fingerprint,
      responseStatus: status,
      responseHeaders: headers ?? {},
      responseBody: body as object,
    });
    if (kept === 0) throw inUse(1);
  }

  async renew(): Promise<void> {
    await this.whileMine(this.db).patch({ leaseUntil: raw(LEASE_END) });
  }

  /** Nothing was made: the next request with the key does the work. */
  async release(): Promise<void> {
    await this.whileMine(this.db).delete();
  }

  private whileMine(db: Knex) {
    const { userId, key, holder } = this.mine;
    return IdempotencyKey.query(db).where({ userId, key, holder, state: 'running' });
  }
}

async function earlier(db: Knex, { userId, key, route }: Wanted): Promise<Claim> {
  const row = await IdempotencyKey.query(db).findById([userId, key]).select('*', raw(RETRY_AFTER_S));
  if (!row) throw inUse(1); // released since
  if (row.route !== route) throw reused(`The key was used for ${row.route}.`);
  if (row.state === 'running') throw inUse((row as unknown as { retryAfterS: number }).retryAfterS);
  await requireMeeting(db, row.meetingId);
  return {
    answer: answerOf(row),
    match(content) {
      if (fingerprintOf(content) !== row.fingerprint) throw reused('The key was used for other content.');
    },
    keep: () => Promise.reject(new Error('there is an answer already')),
  };
}

const answerOf = ({ responseStatus, responseHeaders, responseBody }: IdempotencyKey): Reply => ({
  status: responseStatus!,
  headers: { ...responseHeaders, 'Idempotency-Replayed': 'true' },
  body: responseBody,
});

/** What is being erased is not told again. */
async function requireMeeting(db: Knex, meetingId: string | null): Promise<void> {
  const meeting = meetingId && (await Meeting.query(db).findById(meetingId).select('deleted_at'));
  if (meeting && meeting.deletedAt) throw notFound('meeting');
}

const reused = (what: string) =>
  new AppError('idempotency-key-reused', `${what} Take a new key for a new request.`);

const inUse = (retryAfterS: number) =>
  new AppError('idempotency-key-in-use', 'Ask again later: then you get its answer, or yours is done.', [], {
    'Retry-After': String(retryAfterS),
  });
