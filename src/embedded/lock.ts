/** One start at a time per `DATA_DIR`. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { identify, isAlive, type ProcessIdentity } from './processes';

export class AlreadyRunningError extends Error {
  constructor(dataDir: string, pid: number) {
    super(
      `Already running on ${dataDir} (process ${pid}): stop that one, or set DATA_DIR to start another beside it`,
    );
    this.name = 'AlreadyRunningError';
  }
}

/** The process that holds the lock, dead or alive; null when nobody does. */
export function lockHolder(dataDir: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(path.join(dataDir, 'start.lock'), 'utf8')) as ProcessIdentity;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Takes the lock for this process; the lock of a dead one is taken over. Returns what gives it back.
 * @throws AlreadyRunningError
 */
export function takeLock(dataDir: string): () => void {
  const file = path.join(dataDir, 'start.lock');
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify(identify(process.pid)));
  try {
    // Linking is atomic and fails when the name exists, and the file is complete when it appears.
    for (;;) {
      try {
        linkSync(mine, file);
        return () => rmSync(file, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      removeIfDead(dataDir, file);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Moves the dead lock aside before it is removed: of two that see it only one can move it. */
function removeIfDead(dataDir: string, file: string): void {
  const holder = lockHolder(dataDir);
  if (!holder) return;
  if (isAlive(holder)) throw new AlreadyRunningError(dataDir, holder.pid);
  const aside = `${file}.dead.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return;
  }
  const moved = JSON.parse(readFileSync(aside, 'utf8')) as ProcessIdentity;
  if (isAlive(moved)) linkSync(aside, file); // somebody took over between our two looks: put it back
  rmSync(aside);
}
