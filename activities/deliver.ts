import { CancelledFailure } from '@temporalio/common';
import type { ActivityDeps } from './deps';
import { finishTask, type Told } from './finish-task';
import type { TaskPlan } from './plan-task';
import { sendMail } from './send-mail';
import { syncCalendar } from './sync-calendar';
import { failedOf, toFailure, type Failed } from './typed-failure';

/** What could not be delivered and is tried again, by an activity of its own. */
export interface Left {
  /** Id of a mail's delivery; null = the calendar. */
  mail: string | null;
  failed: Failed;
}

/**
 * Tries all that a plan wants, side by side and once, and notes that the world knows the task: one activity where most
 * need no more. Mail and calendar have outages of their own, so what fails keeps nothing waiting, and is left to an
 * activity of its own. Returns that, or how the newest deliveries stand.
 */
export async function deliver(
  deps: ActivityDeps,
  { taskId, plan }: { taskId: string; plan: TaskPlan },
): Promise<{ left: Left[]; told: Told[] | null }> {
  const { version, mails, entries, calendar } = plan;
  const tries = [
    ...mails.map((mail) => once(deps, mail, () => sendMail(deps, mail))),
    ...(calendar ? [once(deps, null, () => syncCalendar(deps, taskId))] : []),
  ];
  // All of them come to their end, also when one can't be answered for.
  const ended = await Promise.allSettled(tries);
  const left = ended.flatMap((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value ?? [];
  });
  if (left.length > 0) return { left, told: null };
  return { left, told: await finishTask(deps, { taskId, version, deliveries: [...mails, ...entries] }) };
}

/** null = it needs no other try: delivered, or settled for good on its row. */
async function once(
  { log }: ActivityDeps,
  mail: string | null,
  work: () => Promise<void>,
): Promise<Left | null> {
  try {
    await work();
    return null;
  } catch (error) {
    const failure = toFailure(log, mail ? 'sendMail' : 'syncCalendar', error);
    if (failure instanceof CancelledFailure) throw failure;
    return failure.nonRetryable ? null : { mail, failed: failedOf(failure) };
  }
}
