import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * A folder of this process for files that live as long as an attempt. Removes what processes left that were killed:
 * their folders bear their process id. A process that got a dead one's id starts with an empty folder.
 */
export async function openScratch(dataDir: string): Promise<string> {
  const root = path.join(dataDir, 'scratch');
  const own = path.join(root, String(process.pid));
  await rm(own, { recursive: true, force: true });
  await mkdir(own, { recursive: true });
  for (const name of await readdir(root)) {
    if (!isAlive(Number(name))) await rm(path.join(root, name), { recursive: true, force: true });
  }
  return own;
}
