import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';

const { WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND } = temporal.api.enums.v1.WorkflowTaskFailedCause;

/** A run's history with every payload decoded, as one text to search in, and its size as the server counts it. */
export async function readHistory(client: Client, workflowId: string, runId?: string) {
  const handle = client.workflow.getHandle(workflowId, runId);
  const history = await handle.fetchHistory();
  const { workflowExecutionInfo } = (await handle.describe()).raw;
  return {
    events: history.events?.length ?? 0,
    bytes: Number(workflowExecutionInfo?.historySizeBytes ?? 0),
    text: stringsIn(history).join('\n'),
  };
}

/** Workflow tasks that failed. One that ends the run while a signal comes is only asked for anew, with the signal. */
export const failedTasks = (events: readonly temporal.api.history.v1.IHistoryEvent[]) =>
  events.filter(({ workflowTaskFailedEventAttributes: failed }) => {
    return failed && failed.cause !== WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND;
  });

/** Everything that can be read: plain strings (failure messages, ids) and what the payloads hold. */
export function stringsIn(node: unknown): string[] {
  if (typeof node === 'string') return [node];
  if (typeof node !== 'object' || node === null || node instanceof Uint8Array) return [];
  if (isPayload(node)) return [JSON.stringify(defaultPayloadConverter.fromPayload(node)) ?? ''];
  return Object.values(node).flatMap(stringsIn);
}

const isPayload = (node: object): node is Payload => 'data' in node && 'metadata' in node;
