import type { Transaction } from 'objection';
import { Delivery } from '../src/models/delivery';
import { lockDelivery, settleDelivery } from '../src/models/settle-delivery';
import type { ActivityDeps } from './deps';
import { inBatches, limitsOf, olderThan, report, tally } from './janitor';
import { CUT_OFF } from './ledger';

const KIND = 'cut-off-sends';

/**
 * Deliveries that have been `sending` for longer than any send takes, and whose workflow does not come back to them,
 * become `unknown`: shown, and sent again by a person only. Returns how many.
 */
export async function settleCutOffSends(deps: ActivityDeps): Promise<number> {
  const { sendingMs } = limitsOf(deps);
  const settled = await inBatches(async (limit) => {
    const stuck = await Delivery.query(deps.db)
      .select('id')
      .where({ state: 'sending' })
      .whereRaw(olderThan('updated_at'), [sendingMs])
      .orderBy('updated_at')
      .limit(limit);
    let done = 0;
    for (const { id } of stuck) {
      if (await Delivery.transaction(deps.db, (trx) => giveUp(trx, id, sendingMs))) done++;
    }
    await tally(deps.db, KIND, done);
    return { found: stuck.length, done };
  });
  return report(deps, KIND, settled);
}

/** Looked at again under a lock: it may have been answered, or be sent for the second time, since it was found. */
async function giveUp(trx: Transaction, id: string, sendingMs: number): Promise<boolean> {
  await lockDelivery(trx, id);
  const delivery = await Delivery.query(trx)
    .findById(id)
    .where({ state: 'sending' })
    .whereRaw(olderThan('updated_at'), [sendingMs]);
  return delivery ? settleDelivery(trx, delivery, { state: 'unknown', error: CUT_OFF }) : false;
}
