import { ProviderError } from '../provider-error';
import { runToEnd } from './process';

export interface Python {
  /** Absolute path of the interpreter itself, not of a shim. */
  path: string;
  /** As in `3.11`. */
  version: string;
}

const QUESTION = 'import sys; print(sys.executable); print("%d.%d" % sys.version_info[:2])';

/** The machine's `python3`, or null when there is none that runs. */
export async function findPython(): Promise<Python | null> {
  const { code, stdout } = await runToEnd('python3', ['-c', QUESTION], { timeoutMs: 20_000 });
  const [path, version] = stdout.split('\n').map((line) => line.trim());
  return code === 0 && path && version ? { path, version } : null;
}

/** The wheels of local speech exist for CPython 3.9 to 3.13. Throws `speech-engine-missing` for any other. */
export function requireSpeechPython(python: Python | null): Python {
  const minor = python?.version.match(/^3\.(\d+)$/)?.[1];
  if (python && minor && Number(minor) >= 9 && Number(minor) <= 13) return python;
  const found = python ? `python3 is ${python.version}` : 'there is no python3';
  throw new ProviderError(
    'speech-engine-missing',
    `Local speech-to-text needs python3 3.9 to 3.13 on the PATH: ${found}. Install one, or set RAPIDAPI_KEY.`,
    { retryable: false },
  );
}
