import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A holder that could not yet write its process id is given this long. */
const NAMELESS_MS = 5_000;
const POLL_MS = 200;

/**
 * Runs `work` while no other process on this machine does so under the same lock directory. A lock whose holder has
 * died is taken over. Rejects when the holder is still busy after `waitMs`.
 */
export async function withLock<T>(lockDir: string, waitMs: number, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + waitMs;
  while (!(await acquire(lockDir))) {
    if (Date.now() > deadline) throw new Error(`another process holds ${lockDir}`);
    if (!(await isStale(lockDir)) || !(await removeStale(lockDir))) await delay(POLL_MS);
  }
  try {
    return await work();
  } finally {
    await rm(lockDir, { recursive: true, force: true });
  }
}

async function acquire(lockDir: string): Promise<boolean> {
  if (!(await makes(lockDir))) return false;
  await writeFile(path.join(lockDir, 'pid'), String(process.pid));
  return true;
}

/** False when it is there already. */
async function makes(directory: string): Promise<boolean> {
  try {
    await mkdir(directory);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/**
 * One remover at a time, who looks again: of two that saw the dead lock the slower would remove the living one of the
 * faster. A remover that died in between is forgotten like a nameless holder. False when another is at it.
 */
async function removeStale(lockDir: string): Promise<boolean> {
  const remover = `${lockDir}.removing`;
  if (!(await makes(remover))) {
    if (await isStale(remover)) await rm(remover, { recursive: true, force: true });
    return false;
  }
  try {
    if (await isStale(lockDir)) await rm(lockDir, { recursive: true, force: true });
    return true;
  } finally {
    await rm(remover, { recursive: true, force: true });
  }
}

async function isStale(lockDir: string): Promise<boolean> {
  try {
    const ageMs = Date.now() - (await stat(lockDir)).mtimeMs;
    const pid = Number(await readFile(path.join(lockDir, 'pid'), 'utf8').catch(() => ''));
    return pid > 0 ? !isAlive(pid) : ageMs > NAMELESS_MS;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

function hasCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
