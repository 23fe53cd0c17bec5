/** What the local providers have written: mails, calendars. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The texts of a directory's files by name; those still being written have a `~` in theirs and are passed over. */
export function finishedFiles(directory: string): Record<string, string> {
  const names = readdirSync(directory).filter((name) => !name.includes('~'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(directory, name), 'utf8')]));
}
