import { erasureOf, noteGone, remainsOf } from '../src/models/erasure';
import type { ActivityDeps } from './deps';
import { withHeartbeat } from './heartbeat';

/** Removes the recording of a deleted meeting from the store, and whatever an unfinished upload of it left. */
export async function removeRecording({ db, providers }: ActivityDeps, meetingId: string): Promise<void> {
  const recordings = await remainsOf(db, await erasureOf(db, meetingId), 'recordings');
  await withHeartbeat({ phase: 'removing' }, async () => {
    for (const recording of recordings) {
      await providers.mediaStore.delete(recording.ref);
      await noteGone(db, recording);
    }
  });
}
