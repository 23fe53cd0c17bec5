import type { Mail } from '../ports';
import { ProviderError } from '../provider-error';

/** Local part and domain without what could end a header or name a second recipient. */
const ADDRESS = /^[^\s@,;:<>"()[\]\\]+@[^\s@,;:<>"()[\]\\]+$/u;
const ID = /^[A-Za-z0-9-]{1,100}$/;

/**
 * What every mailer checks before it touches the world.
 * @throws ProviderError `invalid-recipient`; RangeError when an id is none, which is our own mistake
 */
export function requireDeliverable({ deliveryId, taskId, to }: Mail): void {
  if (!ID.test(deliveryId) || !ID.test(taskId)) throw new RangeError('an id is no id');
  if (ADDRESS.test(to.email)) return;
  throw new ProviderError('invalid-recipient', 'The owner has no usable e-mail address.', {
    retryable: false,
  });
}
