import { defaultPayloadConverter } from '@temporalio/common';
import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';

type History = temporal.api.history.v1.IHistory;

/** A run's history with every payload decoded, as one text to search in, and its size as the server counts it. */
export async function readHistory(client: Client, workflowId: string, runId?: string) {
  const handle = client.workflow.getHandle(workflowId, runId);
  const history = (await handle.fetchHistory()) as History;
  const { workflowExecutionInfo } = (await handle.describe()).raw;
  return {
    events: history.events?.length ?? 0,
    bytes: Number(workflowExecutionInfo?.historySizeBytes ?? 0),
    text: historyToJSON(history as never) + decodedPayloads(history).join('\n'),
  };
}

function decodedPayloads(node: unknown): string[] {
  if (typeof node !== 'object' || node === null || node instanceof Uint8Array) return [];
  if (isPayload(node)) return [JSON.stringify(defaultPayloadConverter.fromPayload(node)) ?? ''];
  return Object.values(node).flatMap(decodedPayloads);
}

const isPayload = (node: object): node is { metadata: Record<string, Uint8Array>; data: Uint8Array } =>
  'data' in node && 'metadata' in node && node.data instanceof Uint8Array;
