import { defineSignal, setHandler, workflowInfo } from '@temporalio/workflow';
import { finishTask, planTask, sendMail, syncCalendar } from './activities';
import { TASK_CHANGED } from './messages';

/**
 * The only workflow that touches the world for a task. It rereads the row and makes mail and calendar match, again for
 * every change that was signalled meanwhile, and ends when nothing is pending. A delivery that fails is recorded on
 * its row and fails nothing else.
 */
export async function TaskSync(): Promise<void> {
  const taskId = workflowInfo().workflowId.slice('task-'.length);
  let changed = true;
  setHandler(defineSignal(TASK_CHANGED), () => {
    changed = true;
  });
  while (changed) {
    changed = false;
    const plan = await planTask(taskId);
    await Promise.allSettled([
      ...plan.mails.map((deliveryId) => sendMail(deliveryId)),
      ...(plan.calendar ? [syncCalendar(taskId)] : []),
    ]);
    await finishTask({ taskId, version: plan.version, deliveries: [...plan.mails, ...plan.entries] });
  }
}
