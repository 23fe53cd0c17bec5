/** All that is stored anywhere, as text to search in. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Knex } from 'knex';

/** Every row of every table, as JSON, by table. */
export async function everyRow(db: Knex, except: string[] = []): Promise<Record<string, string>> {
  const { rows } = await db.raw<{ rows: { name: string }[] }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
  );
  const tables = rows.map(({ name }) => name).filter((name) => !except.includes(name));
  const dumps = tables.map(async (name) => [name, await dumpOf(db, name)] as const);
  return Object.fromEntries(await Promise.all(dumps));
}

async function dumpOf(db: Knex, table: string): Promise<string> {
  const { rows } = await db.raw<{ rows: { row: object }[] }>(`select to_jsonb(t) as row from "${table}" t`);
  return rows.map(({ row }) => JSON.stringify(row)).join('\n');
}

/** Every file below a directory, as bytes, by its path there. */
export function everyFile(directory: string): Record<string, Buffer> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map((file) => [path.relative(directory, file), readFileSync(file)]));
}

/** What Temporal has of every run in the namespace: history, memo, attributes, failures, heartbeats, details; by run. */
export async function everyRun(client: Client): Promise<Record<string, string>> {
  const runs: Record<string, string> = {};
  for await (const { workflowId, runId } of client.workflow.list()) {
    const run = client.workflow.getHandle(workflowId, runId);
    try {
      const kept = [(await run.describe()).raw, await run.fetchHistory()];
      const shown = await run.query('__temporal_workflow_metadata');
      runs[`${workflowId} ${runId}`] = textsIn([kept, shown]).join('\n');
    } catch (error) {
      // Deleted since it was listed.
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
  return runs;
}

/** Every string and every byte, nothing decoded away: payloads are JSON in bytes. */
function textsIn(node: unknown): string[] {
  if (typeof node === 'string') return [node];
  if (node instanceof Uint8Array) return [Buffer.from(node).toString('utf8')];
  if (typeof node !== 'object' || node === null) return [];
  return Object.values(node).flatMap(textsIn);
}

/** Where any of the words stands, upper or lower case: `place: word`. Files are read as bytes, mails should be decoded. */
export function found(words: readonly string[], places: Record<string, string | Buffer>): string[] {
  return Object.entries(places).flatMap(([place, content]) => {
    const text = `${place}\n${content.toString()}`.toLowerCase();
    return words.filter((word) => text.includes(word.toLowerCase())).map((word) => `${place}: ${word}`);
  });
}
