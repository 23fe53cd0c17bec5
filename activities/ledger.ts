import { insist } from '../src/db/insist';
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

/**
 * Writes how a delivery ended, unless somebody else has settled it since it was read. What came of a call is known here
 * and nowhere else, so a Postgres that is away for some seconds is asked again: else a mail that went out would be shown
 * as unknown.
 */
export async function settle(deps: ActivityDeps, delivery: Delivery, result: Settled): Promise<void> {
  await insist(() => settleDelivery(deps.db, delivery, result), warn(deps, delivery));
}

/** Nobody was called: the delivery waits again, unless it is not this attempt's any more. */
export async function giveBack(deps: ActivityDeps, delivery: Delivery, sender: string): Promise<void> {
  const write = () =>
    Delivery.query(deps.db)
      .where({ id: delivery.id, state: 'sending', sender })
      .patch({ state: 'pending', updatedAt: new Date() })
      .execute();
  await insist(write, warn(deps, delivery));
}

const warn =
  (deps: ActivityDeps, { id }: Delivery) =>
  (error: unknown) =>
    deps.log.warn({ err: error, delivery: id }, 'the ledger could not be written; trying again');

/** Counted from the order, not from the first try: a run that starts anew does not begin to count again. */
export const isTriedLongEnough = ({ createdAt }: Delivery): boolean =>
  Date.now() - createdAt.getTime() > GIVE_UP_AFTER_MS;

/** The same failure, after which nothing is tried again. */
export const forGood = ({ code, message }: ProviderError) =>
  new ProviderError(code, message, { retryable: false });
