/** Ends runs and removes their histories: for meetings that are erased. */
import { setTimeout as pause } from 'node:timers/promises';
import { isGrpcServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';

const LOOK_EVERY_MS = 200;
/** gRPC status. */
const NOT_FOUND = 5;

/** Cancels a workflow's open run and, when it has not closed within `patienceMs`, terminates it. None open: nothing. */
export async function stopRun(temporal: Client, workflowId: string, patienceMs: number): Promise<void> {
  const run = temporal.workflow.getHandle(workflowId);
  const end = performance.now() + patienceMs;
  try {
    await run.cancel();
    while ((await run.describe()).status.name === 'RUNNING') {
      if (performance.now() > end) return void (await run.terminate('the meeting was deleted'));
      await pause(LOOK_EVERY_MS);
    }
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

interface Execution {
  workflowId: string;
  runId: string;
}

/**
 * Deletes every run of these workflows, open ones too, and waits until the server lists none of them any more: it
 * deletes some time after it was asked, and is asked once for each, since every request costs it a task. At most some
 * dozens of ids; other characters than of our ids must not be in them.
 */
export async function deleteRunsOf(temporal: Client, workflowIds: string[]): Promise<void> {
  // The newest run of each may be too young to be listed.
  for (const workflowId of workflowIds) await deleteExecution(temporal, { workflowId });
  const asked = new Set<string>();
  for (;;) {
    const listed = await executionsOf(temporal, workflowIds);
    if (listed.length === 0) return;
    for (const execution of listed.filter(({ runId }) => !asked.has(runId))) {
      asked.add(execution.runId);
      await deleteExecution(temporal, execution);
    }
    await pause(LOOK_EVERY_MS);
  }
}

async function executionsOf(temporal: Client, workflowIds: string[]): Promise<Execution[]> {
  const query = `WorkflowId in (${workflowIds.map((id) => `'${id}'`).join(', ')})`;
  const found: Execution[] = [];
  for await (const { workflowId, runId } of temporal.workflow.list({ query }))
    found.push({ workflowId, runId });
  return found;
}

async function deleteExecution(temporal: Client, workflowExecution: Partial<Execution>): Promise<void> {
  const { namespace } = temporal.options;
  try {
    await temporal.workflowService.deleteWorkflowExecution({ namespace, workflowExecution });
  } catch (error) {
    if (!isGrpcServiceError(error) || Number(error.code) !== NOT_FOUND) throw error;
  }
}
