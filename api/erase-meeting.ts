import type { Knex } from 'knex';
import { detachHumanTasks, Erasure } from '../src/models/erasure';
import { Meeting } from '../src/models/meeting';
import type { User } from '../src/models/user';
import { startErasure } from '../src/temporal/runs';
import { changeableMeetings } from './access';
import { notFound } from './errors';
import type { Deps } from './route';
import { tellTaskChanged, tellTemporal } from './tell-temporal';

interface Deleted {
  erasure: Erasure;
  /** Tasks that people wrote: they stay, without the meeting. */
  detached: string[];
}

/**
 * Deletes a meeting: with the commit it is gone for everybody, and the erasure that removes it is as good as begun. Of
 * several that delete it at once one does.
 * @throws AppError `not-found`
 */
export async function eraseMeeting(deps: Deps, caller: User, meetingId: string): Promise<Erasure> {
  const { erasure, detached } = await markDeleted(deps.db, caller, meetingId);
  await Promise.all([
    beginErasure(deps, erasure),
    ...detached.map((taskId) => tellTaskChanged(deps, taskId)),
  ]);
  return erasure;
}

const markDeleted = (db: Knex, caller: User, meetingId: string): Promise<Deleted> =>
  Meeting.transaction(db, async (trx) => {
    const meeting = await changeableMeetings(trx, caller).findById(meetingId).forUpdate();
    if (!meeting) throw notFound('meeting');
    await Meeting.query(trx).findById(meetingId).patch({ deletedAt: new Date() });
    const detached = await detachHumanTasks(trx, meetingId);
    const erasure = await Erasure.query(trx).insert({ meetingId, requestedBy: caller.id }).returning('*');
    return { erasure, detached };
  });

/** Tells Temporal; while that is away, the catch-up loop does. */
async function beginErasure(deps: Deps, { id, meetingId }: Erasure): Promise<void> {
  const note = () => Erasure.query(deps.db).findById(id).patch({ startedAt: new Date() });
  await tellTemporal(deps, () => startErasure(deps.temporal, meetingId), { meetingId }, note);
}
