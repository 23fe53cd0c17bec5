import { erasureOf, noteGone, remainsOf } from '../src/models/erasure';
import { ProviderError } from '../src/provider-error';
import type { ActivityDeps } from './deps';
import { withHeartbeat } from './heartbeat';

/**
 * Takes the entries of a deleted meeting's tasks off people's calendars. One that nobody lets us remove (say, its
 * calendar is not connected any more) stays listed and keeps no other from going. Throws ProviderError, when all have
 * been tried, while some may still be reached.
 */
export async function clearCalendars({ db, providers }: ActivityDeps, meetingId: string): Promise<void> {
  const entries = await remainsOf(db, await erasureOf(db, meetingId), 'calendarEntries');
  const later: ProviderError[] = [];
  await withHeartbeat({ phase: 'clearing', entries: entries.length }, async () => {
    for (const entry of entries) {
      try {
        if (entry.userId) await providers.calendar.remove(entry.userId, entry.ref);
        await noteGone(db, entry);
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        if (error.retryable) later.push(error);
      }
    }
  });
  const [first] = later;
  if (first) throw first;
}
