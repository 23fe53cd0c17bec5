/** Small real processes for tests of what starts and ends processes. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnDetached, terminate, type Started } from '../../src/embedded/processes';

const SCRIPTS = {
  patient: 'setInterval(() => {}, 1000)',
  failing: 'process.exit(7)',
  deaf: `process.on('SIGTERM', () => {}); console.log('deaf'); setInterval(() => {}, 1000)`,
  parent: `const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    console.log(child.pid); setInterval(() => {}, 1000)`,
};

export class Children {
  readonly directory = mkdtempSync(path.join(tmpdir(), 'meeting-children-'));
  private readonly started: Started[] = [];
  private readonly logFile = path.join(this.directory, 'log');

  async start(kind: keyof typeof SCRIPTS): Promise<Started> {
    const command = { file: process.execPath, args: ['-e', SCRIPTS[kind]] };
    const started = await spawnDetached(command, this.logFile);
    this.started.push(started);
    return started;
  }

  /** What they have printed so far. */
  output(): string {
    return readFileSync(this.logFile, 'utf8').trim();
  }

  async end(): Promise<void> {
    await Promise.all(this.started.map(({ identity }) => terminate(identity, { signal: 'SIGKILL' })));
    rmSync(this.directory, { recursive: true, force: true });
  }
}
