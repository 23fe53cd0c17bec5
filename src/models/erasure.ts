import { raw, type TransactionOrKnex } from 'objection';
import { ProviderError } from '../provider-error';
import { BaseModel } from './base';
import { Task } from './task';

/** Outside of the database. Also names of the receipt's counts. */
export const OUTSIDE = ['recordings', 'mails', 'calendarEntries', 'histories'] as const;
export type Outside = (typeof OUTSIDE)[number];

/** What an erasure counts in its receipt. */
export const REMOVED = [
  'transcripts',
  'segments',
  'extractions',
  'tasks',
  'decisions',
  'questions',
  ...OUTSIDE,
] as const;
export type Counts<Name extends string> = Partial<Record<Name, number>>;

/** The receipt of a deleted meeting: ids, counts and times, no content. It outlives the meeting. */
export class Erasure extends BaseModel {
  static override readonly tableName = 'erasures';
  static override readonly jsonAttributes = ['removed'];

  declare id: string;
  declare meetingId: string;
  declare requestedBy: string | null;
  declare state: 'running' | 'done';
  declare removed: Counts<(typeof REMOVED)[number]>;
  declare createdAt: Date;
  /** When Temporal was last told; null = not yet. */
  declare startedAt: Date | null;
  declare finishedAt: Date | null;
}

/** Something outside of the database that is still to be removed, or after the end could not be. */
export class ErasureRemain extends BaseModel {
  static override readonly tableName = 'erasure_remains';
  static override readonly idColumn = ['erasure_id', 'kind', 'ref'];

  declare erasureId: string;
  /** `calls` = rows of `provider_calls` that were under way. */
  declare kind: Outside | 'calls';
  /** Media key, delivery, calendar event, workflow or call: whatever is needed to remove it. */
  declare ref: string;
  /** Whose calendar. */
  declare userId: string | null;
}

/** @throws ProviderError `not-deleted`: an erasure begins with `DELETE /meeting/:meetingId` and nothing else. */
export async function erasureOf(db: TransactionOrKnex, meetingId: string): Promise<Erasure> {
  const erasure = await Erasure.query(db).findOne({ meetingId });
  if (erasure) return erasure;
  throw new ProviderError(
    'not-deleted',
    'Nobody has deleted this meeting: DELETE /meeting/:meetingId does.',
    {
      retryable: false,
    },
  );
}

/** What is still there of a kind. */
export const remainsOf = (db: TransactionOrKnex, { id }: Erasure, kind: ErasureRemain['kind']) =>
  ErasureRemain.query(db).where({ erasureId: id, kind }).orderBy('ref');

/** It is gone: off the list and one more in the receipt, both or neither. */
export async function noteGone(
  db: TransactionOrKnex,
  { erasureId, kind, ref }: ErasureRemain,
): Promise<void> {
  await ErasureRemain.transaction(db, async (trx) => {
    if ((await ErasureRemain.query(trx).deleteById([erasureId, kind, ref])) === 0) return;
    const counted = `jsonb_set(removed, array[?], to_jsonb(coalesce((removed->>?)::int, 0) + 1))`;
    await Erasure.query(trx)
      .findById(erasureId)
      .patch({ removed: raw(counted, [kind, kind]) });
  });
}

/**
 * What people wrote by hand is theirs: such tasks leave the meeting with nothing of it. Their version moves on, so that
 * calendar entries lose the meeting's title. Returns which.
 */
export async function detachHumanTasks(trx: TransactionOrKnex, meetingId: string): Promise<string[]> {
  const detached = await Task.query(trx)
    .where({ meetingId, origin: 'human' })
    .patch({
      meetingId: null,
      extractionId: null,
      evidence: [],
      version: raw('version + 1'),
      updatedAt: new Date(),
    })
    .returning('id');
  return detached.map(({ id }) => id);
}
