/**
 * Processes that outlive the one that started them. A pid alone is not enough to signal one later: after a crash or
 * a reboot somebody else may have it. With its start time it names one process for ever.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

export interface ProcessIdentity {
  pid: number;
  /** When it started, in the operating system's own notation. */
  startedAt: string;
}

/** Field 22 of `/proc/<pid>/stat`, counted after the command's closing bracket; state Z is dead already. */
function startTimeFromProc(pid: number): string | null {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? null : (fields[19] ?? null);
}

function startTimeFromPs(pid: number): string | null {
  const [state, ...started] = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
    .trim()
    .split(/\s+/);
  return state?.startsWith('Z') ? null : started.join(' ');
}

/** Who has this pid now; null when nobody does. */
export function identify(pid: number): ProcessIdentity | null {
  try {
    const startedAt = process.platform === 'linux' ? startTimeFromProc(pid) : startTimeFromPs(pid);
    return startedAt ? { pid, startedAt } : null;
  } catch {
    return null; // both ways fail exactly when there is no such process
  }
}

/** The command line that a process was started with; empty when there is no such process. */
export function commandLine(pid: number): string {
  try {
    if (process.platform === 'linux')
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return ''; // both ways fail exactly when there is no such process
  }
}

export const isAlive = ({ pid, startedAt }: ProcessIdentity): boolean =>
  identify(pid)?.startedAt === startedAt;

/** Resolves to true once `done` holds, to false after the deadline. */
export async function waitUntil(
  done: () => boolean | Promise<boolean>,
  deadlineMs: number,
): Promise<boolean> {
  const end = performance.now() + deadlineMs;
  while (!(await done())) {
    if (performance.now() > end) return false;
    await pause(25);
  }
  return true;
}

/** Asks a process to end, and makes it end after the grace time. One that is gone, or whose pid is another's, is left. */
export async function terminate(
  identity: ProcessIdentity,
  { signal = 'SIGTERM', graceMs = 10_000 }: { signal?: NodeJS.Signals; graceMs?: number } = {},
): Promise<void> {
  const gone = () => !isAlive(identity);
  if (gone()) return;
  process.kill(identity.pid, signal);
  if (await waitUntil(gone, graceMs)) return;
  process.kill(identity.pid, 'SIGKILL');
  await waitUntil(gone, 5_000);
}

export interface Command {
  file: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
}

export interface Started {
  identity: ProcessIdentity;
  /** Resolves with "code 1" or "signal SIGKILL" when it has ended. */
  ended: Promise<string>;
}

/**
 * Starts a process in a group of its own, so that Ctrl-C in the terminal reaches only us and we choose the order in
 * which things stop. Its output goes to a file: a pipe to us would break it when we are killed. It does not keep us
 * alive.
 * @throws when the program can't be started, say because it does not exist.
 */
export async function spawnDetached(
  command: Command,
  logFile: string,
  onSpawned: (identity: ProcessIdentity) => void = () => undefined,
): Promise<Started> {
  const { file, args, ...options } = command;
  const log = openSync(logFile, 'a');
  try {
    const child = spawn(file, args, { ...options, detached: true, stdio: ['ignore', log, log] });
    const ended = new Promise<string>((resolve) =>
      child.once('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `code ${code}`)),
    );
    await once(child, 'spawn');
    child.unref();
    const pid = child.pid ?? 0;
    const identity = identify(pid) ?? { pid, startedAt: 'ended at once' };
    onSpawned(identity);
    return { identity, ended };
  } finally {
    closeSync(log);
  }
}

/** Ends what a dead process started and left in its group; nothing happens when that is empty. */
export function killGroup({ pid }: ProcessIdentity): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The last lines of a log, for the message that says why something did not start. */
export function tailOf(logFile: string, lines = 15): string {
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}
