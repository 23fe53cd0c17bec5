import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findTemporalCli } from '../../src/tools/find';

/** The `temporal` program, fetched once per machine. */
export const temporalCli = (): Promise<string> => findTemporalCli({ log: console.log });

/** Runs it against a test's server, as an operator does; its output. Rejects when it says no. */
export async function typed(
  { address, namespace }: { address: string; namespace: string },
  ...args: string[]
): Promise<string> {
  const where = ['--address', address, '--namespace', namespace];
  const { stdout } = await promisify(execFile)(await temporalCli(), [...args, ...where]);
  return stdout;
}
