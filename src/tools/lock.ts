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
    if (await isStale(lockDir)) await rm(lockDir, { recursive: true, force: true });
    else await delay(POLL_MS);
  }
  try {
    return await work();
  } finally {
    await rm(lockDir, { recursive: true, force: true });
  }
}

async function acquire(lockDir: string): Promise<boolean> {
  try {
    await mkdir(lockDir);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
  await writeFile(path.join(lockDir, 'pid'), String(process.pid));
  return true;
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
