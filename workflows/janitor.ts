import { expireRecords, failVanishedRuns, removeAbandonedUploads, settleCutOffSends } from './activities';

/**
 * One turn of the janitor, started by its schedule: each duty for itself, so that one that fails keeps no other from
 * being done. Fails when one has failed, so that the list of runs shows it. What it has done is its result, by kind.
 */
export async function Janitor(): Promise<Record<string, number>> {
  const [uploads, runs, sends, records] = await Promise.allSettled([
    removeAbandonedUploads(),
    failVanishedRuns(),
    settleCutOffSends(),
    expireRecords(),
  ]);
  return {
    'abandoned-uploads': result(uploads),
    'vanished-runs': result(runs),
    'cut-off-sends': result(sends),
    ...result(records),
  };
}

function result<T>(duty: PromiseSettledResult<T>): T {
  if (duty.status === 'rejected') throw duty.reason;
  return duty.value;
}
