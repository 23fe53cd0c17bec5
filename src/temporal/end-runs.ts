/** Ends runs and removes their histories: for meetings that are erased. */
import { setTimeout as pause } from 'node:timers/promises';
import { isGrpcServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';

const LOOK_EVERY_MS = 200;
/** gRPC status. */
const NOT_FOUND = 5;

/** Cancels a workflow's open run and, when it has not closed within `patienceMs`, terminates it. None open: nothing. */
export async function stopRun(
  temporal: Client,
  workflowId: string,
  { patienceMs, signal }: { patienceMs: number; signal: AbortSignal },
): Promise<void> {
  const run = temporal.workflow.getHandle(workflowId);
  const end = performance.now() + patienceMs;
  try {
    await run.cancel();
    while ((await run.describe()).status.name === 'RUNNING') {
      if (performance.now() > end) return void (await run.terminate('the meeting was deleted'));
      await pause(LOOK_EVERY_MS, undefined, { signal });
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
 * Has the server delete every run of these workflows, open ones too. It has noted that when this resolves, and does it
 * in its own time: seconds, under load some minutes. At most some dozens of ids, each of ours.
 */
export async function deleteRunsOf(temporal: Client, workflowIds: string[]): Promise<void> {
  // The newest run of each may be too young to be listed.
  for (const workflowId of workflowIds) await deleteExecution(temporal, { workflowId });
  for (const execution of await executionsOf(temporal, workflowIds))
    await deleteExecution(temporal, execution);
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
