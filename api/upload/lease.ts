/** The row that says "these bytes are being received": a sweep removes what an expired one points to. */
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Knex } from 'knex';
import type { Transaction } from 'objection';
import { Upload } from '../../src/models/upload';
import type { MediaStore, StoredObject } from '../../src/ports';
import { AppError } from '../errors';

/** Long enough to survive a database that is away for a moment; renewed every `RENEW_MS` while bytes flow. */
const LEASE_MS = 5 * 60_000;
export const RENEW_MS = 60_000;

const leaseEnd = () => new Date(Date.now() + LEASE_MS);

/** What becomes of the bytes of one upload: they go under a lease, which is opened before the first of them is stored. */
export class LeasedObject {
  /** null = nothing is stored, as of a ready transcript. */
  lease: Upload | null = null;

  constructor(
    private readonly db: Knex,
    private readonly store: MediaStore,
    private readonly userId: string,
  ) {}

  async put(
    body: Readable,
    options: Parameters<MediaStore['put']>[2],
  ): Promise<StoredObject & { key: string }> {
    this.lease = await openLease(this.db, this.userId);
    const { mediaKey: key } = this.lease;
    return { ...(await this.store.put(key, body, options)), key };
  }

  /** As the upload goes on. */
  async renew(): Promise<void> {
    if (this.lease) await renewLease(this.db, this.lease);
  }

  /** See `keep`. */
  async keep(trx: Transaction, meetingId: string): Promise<void> {
    if (this.lease) await keep(trx, this.lease, meetingId);
  }

  /** See `abandon`. */
  async abandon(): Promise<void> {
    if (this.lease) await abandon(this.db, this.store, this.lease);
  }
}

/** Committed before the first byte is stored. */
export const openLease = (db: Knex, userId: string): Promise<Upload> =>
  Upload.query(db)
    .insert({ mediaKey: `recordings/${randomUUID()}`, userId, leaseUntil: leaseEnd() })
    .returning('*')
    .execute();

/** A lease that the sweep has taken stays taken: what becomes of the upload is said when it is to become a meeting. */
export async function renewLease(db: Knex, { id }: Upload): Promise<void> {
  await Upload.query(db).findById(id).where({ state: 'receiving' }).patch({ leaseUntil: leaseEnd() });
}

/**
 * In the transaction that makes the meeting: from its commit on the object is the meeting's.
 * @throws AppError `service-unavailable` when the sweep was faster: then there may be no object any more.
 */
async function keep(trx: Transaction, { id }: Upload, meetingId: string): Promise<void> {
  const kept = await Upload.query(trx)
    .findById(id)
    .where({ state: 'receiving' })
    .patch({ state: 'stored', meetingId });
  if (kept === 1) return;
  const detail = 'The upload stood still for too long and was given up. Send it again.';
  throw new AppError('service-unavailable', detail, [], { 'Retry-After': '1' });
}

/**
 * Leaves neither bytes nor a row, unless the upload has become a meeting: when the answer to a commit is lost, only the
 * row knows. Should that fail, the sweep does it when the lease has expired.
 */
export async function abandon(db: Knex, store: MediaStore, { id, mediaKey }: Upload): Promise<void> {
  // Waits for a commit that may still be under way.
  await Upload.query(db).findById(id).whereNot({ state: 'stored' }).patch({ state: 'abandoned' });
  if (await Upload.query(db).findById(id).where({ state: 'stored' })) return;
  await store.delete(mediaKey);
  await Upload.query(db).deleteById(id);
}
