import { ApplicationFailure } from '@temporalio/common';
import {
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  defineWorkflowOptions,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Left } from '../activities/deliver';
import type { TaskPlan } from '../activities/plan-task';
import { UUID } from '../src/domain/uuid';
import { deliver, finishTask, planTask, sendMail, syncCalendar } from './activities';
import { TASK_CHANGED } from './messages';
import { taskDetails, triedAgain, underWay } from './task-details';
import { UNDECODED } from './undecoded';

/** A round costs about 20 events, and 54 more when all the mails of a plan and the calendar fail at first; a run must stay under 150. */
const MAX_EVENTS_BEFORE_NEXT_ROUND = 70;

/** Governments change their clocks with weeks of notice: the date is counted again at least so often. */
const MAX_WAIT_MS = 30 * 24 * 3600 * 1000;

/**
 * The only workflow that touches the world for a task. It rereads the row and makes mail and calendar match, again for
 * every change that was signalled meanwhile, waits while a reminder is to come, and ends when nothing is pending. A
 * delivery that fails is recorded on its row and fails nothing else; one that is being retried waits for the next
 * round when the row changes, so that no outage of mail keeps a calendar from following.
 *
 * Everything is planned from the row, so a run may be lost, start anew or go on as new at any time. Whatever arguments
 * somebody types with a signal or a start say nothing.
 */
export async function TaskSync(): Promise<void> {
  const taskId = workflowInfo().workflowId.slice('task-'.length);
  if (!UUID.test(taskId)) throw ApplicationFailure.nonRetryable('No task has this id.', 'task-gone');
  let changed = false;
  let delivering: CancellationScope | null = null;
  setHandler(defineSignal<unknown[]>(TASK_CHANGED, { typeInfo: UNDECODED }), () => {
    changed = true;
    delivering?.cancel();
  });
  for (;;) {
    if (workflowInfo().historyLength > MAX_EVENTS_BEFORE_NEXT_ROUND) await continueAsNew();
    changed = false;
    const plan = await planTask({ taskId, nowMs: Date.now() });
    if (changed) continue;
    setCurrentDetails(underWay(plan));
    const { left, told } = await tell(taskId, plan);
    if (changed) continue;
    if (left.length > 0) {
      setCurrentDetails(triedAgain(left));
      delivering = new CancellationScope();
      await delivering.run(() => tellAgain(taskId, left));
      delivering = null;
      if (changed) continue;
    }
    const { version, mails, entries } = plan;
    const now = told ?? (await finishTask({ taskId, version, deliveries: [...mails, ...entries] }));
    setCurrentDetails(taskDetails(now, plan.remindAtMs));
    if (changed || plan.more) continue;
    if (plan.remindAtMs === null) return;
    await condition(() => changed, waitMs(plan.remindAtMs), { summary: 'until the reminder' });
  }
}

defineWorkflowOptions(TaskSync, { staticOptions: { typeInfo: UNDECODED } });

/** Most tasks are known to nobody: nothing to do is no activity. */
function tell(taskId: string, plan: TaskPlan): ReturnType<typeof deliver> {
  if (plan.mails.length === 0 && !plan.calendar) return Promise.resolve({ left: [], told: null });
  return deliver({ taskId, plan });
}

/** Every failure is on its row already. */
async function tellAgain(taskId: string, left: Left[]): Promise<void> {
  await Promise.allSettled(
    left.map(({ mail, failed }) => (mail ? sendMail(mail, failed) : syncCalendar(taskId, failed))),
  );
}

const waitMs = (atMs: number): number => Math.min(Math.max(atMs - Date.now(), 1), MAX_WAIT_MS);
