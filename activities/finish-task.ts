import { raw } from 'objection';
import { Task } from '../src/models/task';
import type { ActivityDeps } from './deps';

/** Notes that mail and calendar know the task as of this version. */
export async function finishTask(
  deps: ActivityDeps,
  input: { taskId: string; version: number },
): Promise<void> {
  await Task.query(deps.db)
    .findById(input.taskId)
    .patch({ syncedVersion: raw('greatest(synced_version, ?)', [input.version]) });
}
