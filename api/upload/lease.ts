/** The row that says "these bytes are being received": a sweep removes what an expired one points to. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { Upload } from '../../src/models/upload';
import type { MediaStore } from '../../src/ports';

/** Long enough to survive a database that is away for a moment; renewed every `RENEW_MS` while bytes flow. */
const LEASE_MS = 5 * 60_000;
export const RENEW_MS = 60_000;

const leaseEnd = () => new Date(Date.now() + LEASE_MS);

/** Committed before the first byte is stored. */
export const openLease = (db: Knex, userId: string): Promise<Upload> =>
  Upload.query(db)
    .insert({ mediaKey: `recordings/${randomUUID()}`, userId, leaseUntil: leaseEnd() })
    .returning('*')
    .execute();

export async function renewLease(db: Knex, { id }: Upload): Promise<void> {
  await Upload.query(db).findById(id).patch({ leaseUntil: leaseEnd() });
}

/** Leaves neither bytes nor a row. Should that fail, the sweep does it when the lease has expired. */
export async function abandon(db: Knex, store: MediaStore, { id, mediaKey }: Upload): Promise<void> {
  await store.delete(mediaKey);
  await Upload.query(db).deleteById(id);
}
