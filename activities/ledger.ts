import { Delivery } from '../src/models/delivery';
import { settleDelivery, type Settled } from '../src/models/settle-delivery';
import type { ActivityDeps } from './deps';

/** Writes how a delivery ended, unless somebody else has settled it since it was read. */
export async function settle(deps: ActivityDeps, delivery: Delivery, result: Settled): Promise<void> {
  await Delivery.transaction(deps.db, (trx) => settleDelivery(trx, delivery, result));
}
