/** What processes have used, from `/proc`: Linux only. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { commandLine } from '../../src/embedded/processes';

/** USER_HZ, the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** From the state on: what stands before it, the name in brackets, may hold blanks. */
function stat(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

const pids = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** A process may end while it is looked at. */
function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/** Of the process, its children, and those that have ended. */
export function cpuSeconds(pid: number): number {
  const children = pids().filter((other) => attempt(() => Number(stat(other)[1])) === pid);
  const ticks = [pid, ...children].map((each) => {
    const fields = attempt(() => stat(each)) ?? [];
    return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  });
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
}

export const threads = (pid: number): number => readdirSync(`/proc/${pid}/task`).length;

/** @throws when no process has this in its command line */
export function findProcess(words: string): number {
  const pid = pids().find(
    (each) => each !== process.pid && attempt(() => commandLine(each))?.includes(words),
  );
  if (pid === undefined) throw new Error(`no process has ${words} in its command line`);
  return pid;
}

/** Of the stand's PostgreSQL, whose backends are its children. */
export const postmaster = (directory: string): number =>
  Number(
    readFileSync(path.join(directory, 'postgres/data/postmaster.pid'), 'utf8').slice(0, 10).split('\n')[0],
  );
