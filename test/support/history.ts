import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import type { Client } from '@temporalio/client';

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

/** Everything that can be read: plain strings (failure messages, ids) and what the payloads hold. */
export function stringsIn(node: unknown): string[] {
  if (typeof node === 'string') return [node];
  if (typeof node !== 'object' || node === null || node instanceof Uint8Array) return [];
  if (isPayload(node)) return [JSON.stringify(defaultPayloadConverter.fromPayload(node)) ?? ''];
  return Object.values(node).flatMap(stringsIn);
}

const isPayload = (node: object): node is Payload => 'data' in node && 'metadata' in node;
