/** Tasks whose runs are worth recording, each brought to where it ends or rests. */
import type { Task } from '../../src/models/task';
import { ProviderError } from '../../src/provider-error';
import type { TestPipeline } from '../support/pipeline';
import { TaskDriver, type MoodyMailer } from '../support/task-driver';

/** By name of the history. */
export async function tasksOf(pipeline: TestPipeline, mailer: MoodyMailer): Promise<Record<string, Task>> {
  const driver = await TaskDriver.for(pipeline);
  const inStep = async (fields: Partial<Task> = {}) => {
    const task = await driver.insert(fields);
    await driver.inStep(task);
    return task;
  };
  const told = await inStep();
  const untold = await inStep({ agreed: false });
  const changed = await inStep({ deadlineDate: '2099-06-01' });
  // Until it goes on as new.
  for (let day = 1; day <= 7; day++) await driver.change(changed, { deadlineDate: `2099-07-0${day}` });
  await driver.change(changed, { status: 'done' });
  mailer.moods = [new ProviderError('busy', 'Busy.', { retryable: true, retryAfterMs: 1 })];
  const again = await inStep();
  return { 'task-told': told, 'task-untold': untold, 'task-changed': changed, 'task-told-again': again };
}
