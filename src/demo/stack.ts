import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { projectRoot } from '../project-root';

/** What `DATA_DIR/stack.json` says of a running stack. */
export interface RunningStack {
  apiUrl: string;
  webUiUrl: string;
}

/** The first start fetches tools, which on a slow network takes minutes. */
const START_DEADLINE_MS = 300_000;

async function isServing(apiUrl: string): Promise<boolean> {
  try {
    return (await fetch(`${apiUrl}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    // Refused, too slow or no address: nobody serves there.
    return false;
  }
}

/** The stack that `DATA_DIR/stack.json` names, when its api answers; a file that a crash has left names none. */
export async function findRunning(dataDir: string): Promise<RunningStack | null> {
  try {
    const stack = JSON.parse(await readFile(path.join(dataDir, 'stack.json'), 'utf8')) as RunningStack;
    return (await isServing(stack.apiUrl)) ? stack : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}

async function waitForStart(dataDir: string, child: ChildProcess): Promise<RunningStack> {
  const deadline = Date.now() + START_DEADLINE_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const stack = await findRunning(dataDir);
    if (stack) return stack;
    await pause(250);
  }
  child.kill('SIGTERM');
  throw new Error('The stack did not start; its output above says why.');
}

/** Uses the stack that runs on this data directory, or starts one for as long as `use` lasts. */
export async function withStack<T>(dataDir: string, use: (stack: RunningStack) => Promise<T>): Promise<T> {
  const running = await findRunning(dataDir);
  if (running) return use(running);
  const child = spawn(process.execPath, [path.join(projectRoot, 'dist/src/embedded/main.js')], {
    env: process.env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  try {
    return await use(await waitForStart(dataDir, child));
  } finally {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  }
}
