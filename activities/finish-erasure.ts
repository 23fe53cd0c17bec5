import { Erasure, erasureOf } from '../src/models/erasure';
import type { ActivityDeps } from './deps';

/** Closes the receipt. What could not be removed stays listed behind it. */
export async function finishErasure({ db }: ActivityDeps, meetingId: string): Promise<void> {
  const { id } = await erasureOf(db, meetingId);
  await Erasure.query(db)
    .findById(id)
    .where({ state: 'running' })
    .patch({ state: 'done', finishedAt: new Date() });
}
