/** `DATA_DIR/stack.json` says what runs and where; after a crash it says what may be left. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ProcessIdentity } from './processes';

export const SERVICES = ['api', 'worker', 'temporal', 'postgres'] as const;
/** In the order in which they are stopped: nobody loses what they still need. */
export type ServiceName = (typeof SERVICES)[number];

export interface Stack {
  apiUrl: string;
  /** null = a Temporal of somebody else's whose Web UI we don't know. */
  webUiUrl: string | null;
  temporalAddress: string;
  databaseUrl: string;
  /** null = not ours. */
  pids: Record<ServiceName, number | null>;
  /** When each of them started, in the operating system's notation: a pid alone may be another's tomorrow. */
  startTimes: Record<ServiceName, string | null>;
}

const fileIn = (dataDir: string) => path.join(dataDir, 'stack.json');

/** Readable by us only: the database's password is in it. */
export function writeStack(dataDir: string, stack: Stack): void {
  const half = `${fileIn(dataDir)}.new`;
  rmSync(half, { force: true }); // a mode is only given to a new file
  writeFileSync(half, `${JSON.stringify(stack, null, 2)}\n`, { mode: 0o600 });
  renameSync(half, fileIn(dataDir));
}

/** What was running last; null after a clean stop. */
export function readStack(dataDir: string): Stack | null {
  const file = fileIn(dataDir);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Stack) : null;
}

export const removeStack = (dataDir: string): void => rmSync(fileIn(dataDir), { force: true });

/** The processes of a stack, in the order in which they are stopped. */
export function processesOf(stack: Pick<Stack, 'pids' | 'startTimes'>): [ServiceName, ProcessIdentity][] {
  return SERVICES.flatMap((name): [ServiceName, ProcessIdentity][] => {
    const pid = stack.pids[name];
    const startedAt = stack.startTimes[name];
    return pid !== null && startedAt !== null ? [[name, { pid, startedAt }]] : [];
  });
}
