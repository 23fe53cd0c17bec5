import { Delivery } from '../src/models/delivery';
import { settleDelivery, type Settled } from '../src/models/settle-delivery';
import { ProviderError } from '../src/provider-error';
import type { ActivityDeps } from './deps';

/** Longer outages are for a person to judge: what was ordered this long ago may not be wanted any more. */
const GIVE_UP_AFTER_MS = 6 * 3600 * 1000;

/** What becomes of a send whose worker died in it. */
export const CUT_OFF = {
  code: 'outcome-unknown',
  message:
    'The sender was cut off while sending. The mail may have gone out; send it again if it did not arrive.',
};

/** Writes how a delivery ended, unless somebody else has settled it since it was read. */
export async function settle(deps: ActivityDeps, delivery: Delivery, result: Settled): Promise<void> {
  await Delivery.transaction(deps.db, (trx) => settleDelivery(trx, delivery, result));
}

/** Counted from the order, not from the first try: a run that starts anew does not begin to count again. */
export const isTriedLongEnough = ({ createdAt }: Delivery): boolean =>
  Date.now() - createdAt.getTime() > GIVE_UP_AFTER_MS;

/** The same failure, after which nothing is tried again. */
export const forGood = ({ code, message }: ProviderError) =>
  new ProviderError(code, message, { retryable: false });
