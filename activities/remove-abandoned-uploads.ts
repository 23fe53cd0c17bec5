import { raw, type Transaction } from 'objection';
import { Meeting } from '../src/models/meeting';
import { Upload } from '../src/models/upload';
import type { ActivityDeps } from './deps';
import { inBatches, report, tally } from './janitor';
import { sideBySide } from './side-by-side';

const KIND = 'abandoned-uploads';
/** Calls to the store at once. */
const AT_ONCE = 5;
/** What a janitor has begun with is its own for so long; what it could not finish comes again in the next turn. */
const CLAIM = `now() + interval '9 minutes'`;

/**
 * Removes what uploads left whose process died: the object or the parts of it, then the row. Claimed by a conditional
 * update first: from then on the upload can neither be renewed nor become a meeting, and one that is just becoming a
 * meeting holds its row and is passed over. Returns how many.
 */
export async function removeAbandonedUploads(deps: ActivityDeps): Promise<number> {
  const removed = await inBatches(async (limit) => {
    const claimed = await Upload.transaction(deps.db, (trx) => claim(trx, limit));
    let done = 0;
    await sideBySide(claimed, AT_ONCE, async (upload) => {
      if (await remove(deps, upload)) done++;
      return [];
    });
    await tally(deps.db, KIND, done);
    return { found: claimed.length, done };
  });
  return report(deps, KIND, removed);
}

/** An object that a meeting refers to is nobody's leftover, whatever the row says. */
function claim(trx: Transaction, limit: number): Promise<Upload[]> {
  const expired = Upload.query(trx)
    .select('id')
    .whereNot({ state: 'stored' })
    .whereRaw('lease_until < now()')
    .whereNotExists(Meeting.query(trx).whereColumn('meetings.media_key', 'uploads.media_key'))
    .orderBy('lease_until')
    .limit(limit)
    .forUpdate()
    .skipLocked();
  return Upload.query(trx)
    .whereIn('id', expired)
    .patch({ state: 'abandoned', leaseUntil: raw(CLAIM) })
    .returning('*')
    .execute();
}

/** One object that the store does not let go of keeps no other from being removed. */
async function remove({ db, providers, log }: ActivityDeps, { id, mediaKey }: Upload): Promise<boolean> {
  try {
    await providers.mediaStore.delete(mediaKey);
    await Upload.query(db).deleteById(id);
    return true;
  } catch (error) {
    log.warn({ err: error, uploadId: id }, 'janitor: an abandoned upload could not be removed; next time');
    return false;
  }
}
