/** Recorded histories as files: one run each, without anything that says where or by whom it was recorded. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { projectRoot } from '../../src/project-root';
import { eventually } from '../support/poll';

const { History } = temporal.api.history.v1;
const { EVENT_TYPE_WORKFLOW_TASK_SCHEDULED, EVENT_TYPE_WORKFLOW_TASK_STARTED } =
  temporal.api.enums.v1.EventType;
const UNDER_WAY = [EVENT_TYPE_WORKFLOW_TASK_SCHEDULED, EVENT_TYPE_WORKFLOW_TASK_STARTED];
const FOLDER = path.join(projectRoot, 'workflows/histories');

export interface Recorded {
  name: string;
  /** Workflows read their subject from it. */
  workflowId: string;
  history: temporal.api.history.v1.IHistory;
}

/** Process ids, machine names and the paths in stack traces belong to whoever recorded. */
const withoutPlaces = (key: string, value: unknown): unknown => {
  if (key === 'identity') return 'recorded';
  return key === 'stackTrace' ? '' : value;
};

/** Writes every run of a workflow, the oldest first: `<name>.json`, `<name>-2.json`… */
export async function record(client: Client, name: string, workflowId: string): Promise<void> {
  const runs: { runId: string; startTime: Date }[] = [];
  for await (const run of client.workflow.list({ query: `WorkflowId = "${workflowId}"` })) runs.push(run);
  runs.sort((a, b) => Number(a.startTime) - Number(b.startTime));
  for (const [index, { runId }] of runs.entries()) {
    const history = await atRest(client, workflowId, runId);
    const readable = History.toObject(History.fromObject(history), {
      enums: String,
      bytes: String,
      longs: String,
    });
    const json: unknown = JSON.parse(JSON.stringify(readable), withoutPlaces);
    const file = `${name}${index > 0 ? `-${index + 1}` : ''}.json`;
    writeFileSync(path.join(FOLDER, file), `${JSON.stringify({ workflowId, history: json })}\n`);
  }
}

/** The history once its last workflow task is over: what that did is not in it before. */
const atRest = (client: Client, workflowId: string, runId: string): Promise<Recorded['history']> =>
  eventually(async () => {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    expect(UNDER_WAY).not.toContain(history.events?.at(-1)?.eventType);
    return history;
  });

export function removeAll(): void {
  for (const file of readdirSync(FOLDER)) if (file.endsWith('.json')) rmSync(path.join(FOLDER, file));
}

/** What was recorded; `mutate` changes the JSON text of each before it is read. */
export function recorded(mutate = (json: string) => json): Recorded[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => {
    const text = mutate(readFileSync(path.join(FOLDER, file), 'utf8'));
    const { workflowId, history } = JSON.parse(text) as { workflowId: string; history: object };
    return { name: path.parse(file).name, workflowId, history: History.fromObject(history) };
  });
}
