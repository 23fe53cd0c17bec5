import { Meeting } from '../src/models/meeting';
import { Request } from '../src/models/request';
import type { ActivityDeps } from './deps';
import { lockMeeting } from './meeting-state';
import { writeDown, type SignalledRequest, type Work } from './plan-work';

/**
 * Writes down signals that came while work was under way, a cancellation among them, and says whether that work is to
 * stop. One that is known already (a repeated signal, of whatever run) was heeded then and stops nothing now.
 */
export async function heedCancel(
  deps: ActivityDeps,
  { work, signalled }: { work: Work; signalled: SignalledRequest[] },
): Promise<{ stop: boolean; refused: SignalledRequest['kind'][] }> {
  return Meeting.transaction(deps.db, async (trx) => {
    const { id: meetingId } = await lockMeeting(trx, work.meetingId);
    const refused = await writeDown(trx, meetingId, signalled);
    const current = Request.query(trx).where({ meetingId, requestId: work.requestId });
    const cancel = await Request.query(trx)
      .where({ meetingId, kind: 'cancel', state: 'pending' })
      .where('created_at', '>=', current.select('created_at'))
      .first();
    return { stop: Boolean(cancel), refused };
  });
}
