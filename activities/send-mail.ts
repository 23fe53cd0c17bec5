import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { raw } from 'objection';
import { composeMail, whyWithdrawn, type Reason } from '../src/domain/delivery';
import { failpoint } from '../src/failpoint';
import { Delivery } from '../src/models/delivery';
import { taskInContext, type TaskInContext } from '../src/models/task-in-context';
import { User } from '../src/models/user';
import type { Mail, Mailer } from '../src/ports';
import { ProviderError } from '../src/provider-error';
import type { ActivityDeps } from './deps';
import { CUT_OFF, forGood, giveBack, isTriedLongEnough, settle } from './ledger';
import { callForTask, metered, type Call } from './metered';
import { countTry, type Failed } from './typed-failure';

/**
 * Sends one mail of the ledger, at most once: the row says `sending` before the call, and whoever finds it so later
 * can't know whether it went out. Then, as after an unclear answer, the outcome is `unknown` and shown, not resent. An
 * attempt that lost Postgres before its call knows that nothing went out, and takes its word back.
 * @param failed - why the try before this activity failed
 */
export async function sendMail(deps: ActivityDeps, deliveryId: string, failed?: Failed): Promise<void> {
  countTry(failed);
  const delivery = await Delivery.query(deps.db).findById(deliveryId);
  if (delivery?.state === 'sending') return settle(deps, delivery, { state: 'unknown', error: CUT_OFF });
  if (delivery?.state !== 'pending') return;
  const letter = await write(deps, delivery);
  if ('code' in letter) return settle(deps, delivery, { state: 'failed', error: letter });
  const sender = randomUUID();
  const claimedAt = performance.now();
  let called = false;
  try {
    if (!(await claim(deps, delivery, sender))) return;
    await failpoint('mail-ledgered');
    await send(deps, delivery, () =>
      metered(deps, letter.call, () => {
        if (performance.now() - claimedAt > Context.current().info.startToCloseTimeoutMs / 2) throw tooLate();
        called = true;
        return deps.providers.mailer.send(letter.mail);
      }),
    );
  } catch (error) {
    if (!called) await giveBack(deps, delivery, sender);
    throw error;
  }
}

/** A worker that was frozen here for long may have been given up, and a person may have sent the mail again. */
const tooLate = () =>
  new ProviderError('sender-late', 'The sender stood still before the call; nothing was sent.', {
    retryable: true,
  });

const NOBODY = { code: 'no-recipient', message: 'The task or its owner does not exist any more.' };

/** The mail, or why there is none any more. */
async function write(deps: ActivityDeps, delivery: Delivery): Promise<{ mail: Mail; call: Call } | Reason> {
  const found = await taskInContext(deps.db, delivery.taskId);
  const recipient = found && (await recipientOf(deps, delivery, found));
  if (!recipient || found.task.deletedAt || found.meeting?.deletedAt) return NOBODY;
  const { task, meeting } = found;
  const withdrawn = whyWithdrawn(delivery, task, new Date());
  if (withdrawn) return withdrawn;
  const content = composeMail(task, recipient, meeting, delivery.kind);
  const { id: deliveryId, taskId, kind } = delivery;
  const to = { name: recipient.name, email: recipient.email };
  return {
    mail: { deliveryId, taskId, kind, to, ...content },
    call: callForTask(task, deps.providers.mailer.provider, { mails: 1 }),
  };
}

/** Its owner, or who was that when it was ordered. */
async function recipientOf({ db }: ActivityDeps, { userId }: Delivery, { owner }: TaskInContext) {
  if (owner?.id === userId) return owner;
  return userId === null ? undefined : User.query(db).findById(userId);
}

/** Two workers may hold the same delivery; one of them gets it, and it is then `sending`. */
async function claim(deps: ActivityDeps, delivery: Delivery, sender: string): Promise<boolean> {
  const claimed = await Delivery.query(deps.db)
    .where({ id: delivery.id, state: 'pending' })
    .patch({
      state: 'sending',
      attempts: raw('attempts + 1'),
      sender,
      provider: deps.providers.mailer.provider,
      updatedAt: new Date(),
    });
  delivery.state = 'sending';
  return claimed === 1;
}

async function send(
  deps: ActivityDeps,
  delivery: Delivery,
  call: () => ReturnType<Mailer['send']>,
): Promise<void> {
  try {
    const { providerMessageId } = await call();
    await failpoint('mail-sent');
    await settle(deps, delivery, { state: 'sent', providerMessageId, error: null });
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const reason = { code: error.code, message: error.message };
    if (error.outcome === 'unknown') return settle(deps, delivery, { state: 'unknown', error: reason });
    const waits = error.retryable && !isTriedLongEnough(delivery);
    await settle(deps, delivery, { state: waits ? 'pending' : 'failed', error: reason });
    throw waits ? error : forGood(error);
  }
}
