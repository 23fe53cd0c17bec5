/** All that is stored anywhere, as text to search in. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
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

/** Where any of the words stands, upper or lower case: `place: word`. Files are read as bytes, mails should be decoded. */
export function found(words: readonly string[], places: Record<string, string | Buffer>): string[] {
  return Object.entries(places).flatMap(([place, content]) => {
    const text = `${place}\n${content.toString()}`.toLowerCase();
    return words.filter((word) => text.includes(word.toLowerCase())).map((word) => `${place}: ${word}`);
  });
}
