import { erasureOf, noteGone, remainsOf } from '../src/models/erasure';
import { deleteRunsOf } from '../src/temporal/end-runs';
import type { ActivityDeps } from './deps';
import { withHeartbeat } from './heartbeat';

/** As many ids as fit into one query of the server's list. */
const BATCH = 25;

/** Has Temporal delete what it keeps of a deleted meeting's runs: all of its pipeline's and of its tasks' `TaskSync`. */
export async function deleteHistories({ db, temporal }: ActivityDeps, meetingId: string): Promise<void> {
  const histories = await remainsOf(db, await erasureOf(db, meetingId), 'histories');
  await withHeartbeat({ phase: 'deleting', workflows: histories.length }, async () => {
    for (let start = 0; start < histories.length; start += BATCH) {
      const batch = histories.slice(start, start + BATCH);
      await deleteRunsOf(
        temporal,
        batch.map(({ ref }) => ref),
      );
      for (const history of batch) await noteGone(db, history);
    }
  });
}
