import path from 'node:path';
import { findPostgres, stopPostgres } from './postgres';
import { isAlive, terminate } from './processes';
import { processesOf, readStack } from './stack-file';

/**
 * Ends what a killed predecessor left running on this `DATA_DIR`. Nothing is adopted: everything keeps its state on
 * the disk, so that a fresh start is as good and has one way less to go wrong. A pid that belongs to somebody else by
 * now is left alone. Returns the names of what was ended.
 */
export async function reapLeftovers(dataDir: string): Promise<string[]> {
  const stack = readStack(dataDir);
  const left = stack ? processesOf(stack).filter(([, identity]) => isAlive(identity)) : [];
  for (const [name, identity] of left.filter(([service]) => service !== 'postgres')) {
    // Its supervisor is gone, so nobody waits for it to end in good order.
    await terminate(identity, { graceMs: name === 'worker' ? 1_000 : 5_000 });
  }
  // Asked of its own pid file: that knows even a server that was started and not recorded.
  const postgres = findPostgres(path.join(dataDir, 'postgres'));
  if (postgres) await stopPostgres(postgres);
  const names = left.map(([name]) => name).filter((name) => name !== 'postgres');
  return postgres ? [...names, 'postgres'] : names;
}
