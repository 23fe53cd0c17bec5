import { setTimeout as pause } from 'node:timers/promises';
import type { Knex } from 'knex';
import { ErasureRemain, erasureOf, remainsOf } from '../src/models/erasure';
import { ProviderCall } from '../src/models/provider-call';
import type { ActivityDeps } from './deps';
import { withHeartbeat } from './heartbeat';

/** An attempt at a delivery lives 60 s (workflows/activities.ts); ten more for its worker to learn that. */
export const LONGEST_CALL_S = 70;
const LOOK_EVERY_MS = 250;

/**
 * Waits until the mails and calendar entries that were being handed over when the meeting was deleted are out, at most
 * `LONGEST_CALL_S` after their calls began: what was written then can be removed by those who come next.
 */
export async function awaitCalls({ db }: ActivityDeps, meetingId: string): Promise<void> {
  const erasure = await erasureOf(db, meetingId);
  const ids = (await remainsOf(db, erasure, 'calls')).map(({ ref }) => ref);
  if (ids.length === 0) return;
  await withHeartbeat({ phase: 'waiting for calls under way', calls: ids.length }, async (_, signal) => {
    while (await areUnderWay(db, ids)) await pause(LOOK_EVERY_MS, undefined, { signal });
  });
  await ProviderCall.query(db).findByIds(ids).delete();
  await ErasureRemain.query(db).where({ erasureId: erasure.id, kind: 'calls' }).delete();
}

async function areUnderWay(db: Knex, ids: string[]): Promise<boolean> {
  const young = `created_at > now() - make_interval(secs => ?)`;
  const calls = ProviderCall.query(db).findByIds(ids).where({ outcome: 'started' });
  return (await calls.whereRaw(young, [LONGEST_CALL_S]).resultSize()) > 0;
}
