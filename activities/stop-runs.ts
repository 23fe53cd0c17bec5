import { erasureOf } from '../src/models/erasure';
import { Task } from '../src/models/task';
import { stopRun } from '../src/temporal/end-runs';
import { pipelineId, taskSyncId } from '../workflows/messages';
import type { ActivityDeps } from './deps';
import { withHeartbeat } from './heartbeat';
import { sideBySide } from './side-by-side';

/** A run that is cancelled writes nothing down for a meeting that is gone: it closes in moments or is stuck. */
const PATIENCE_MS = 10_000;
const AT_ONCE = 10;

/** Stops what still works for a deleted meeting: its pipeline and the `TaskSync` of each task that was found in it. */
export async function stopRuns({ db, temporal }: ActivityDeps, meetingId: string): Promise<void> {
  await erasureOf(db, meetingId);
  const tasks = await Task.query(db).where({ meetingId, origin: 'ai' }).select('id');
  const workflowIds = [pipelineId(meetingId), ...tasks.map(({ id }) => taskSyncId(id))];
  await withHeartbeat({ phase: 'stopping', runs: workflowIds.length }, (_, signal) =>
    sideBySide(workflowIds, AT_ONCE, async (workflowId) => {
      await stopRun(temporal, workflowId, { patienceMs: PATIENCE_MS, signal });
      return [];
    }),
  );
}
