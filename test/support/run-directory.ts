/** Each Jest run has a directory of its own; what a killed run has left is removed by the next one. */
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { identify, isAlive, terminate, type ProcessIdentity } from '../../src/embedded/processes';

const PREFIX = 'meeting-pipeline-test-';

interface RunRecord {
  owner: ProcessIdentity;
  processes: ProcessIdentity[];
}

const recordFile = (directory: string) => path.join(directory, 'run.json');

/** Remembers the processes, so that another run can end them when this one is killed. */
export function recordProcesses(directory: string, processes: ProcessIdentity[]): void {
  const record: Partial<RunRecord> = { processes };
  const owner = identify(process.pid);
  if (owner) record.owner = owner;
  writeFileSync(recordFile(directory), JSON.stringify(record));
}

export function createRunDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), PREFIX));
  chmodSync(directory, 0o711); // PostgreSQL may be another account
  recordProcesses(directory, []);
  return directory;
}

export async function removeRunDirectory(directory: string, processes: ProcessIdentity[]): Promise<void> {
  await Promise.all(processes.map((identity) => terminate(identity, { signal: 'SIGINT', graceMs: 5_000 })));
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
}

export async function removeDeadRuns(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const directory = path.join(tmpdir(), name);
    if (!existsSync(recordFile(directory))) continue;
    const { owner, processes } = JSON.parse(readFileSync(recordFile(directory), 'utf8')) as RunRecord;
    if (!isAlive(owner)) await removeRunDirectory(directory, processes);
  }
}
