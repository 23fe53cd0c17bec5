/** `npm start` as a person uses it: the built program in a process of its own, on a `DATA_DIR` that is thrown away. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { reapLeftovers } from '../../src/embedded/leftovers';
import { isAlive, spawnDetached, terminate, type Started } from '../../src/embedded/processes';
import { processesOf, readStack, type Stack } from '../../src/embedded/stack-file';
import { projectRoot } from '../../src/project-root';
import { eventually } from './poll';

const READY = 'Ready after';

/** What `npm start` does first. */
export const build = () => promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd: projectRoot });

export class Installation {
  readonly dataDir = mkdtempSync(path.join(tmpdir(), 'meeting-start-'));
  private readonly launched: { main: Started; output: string }[] = [];

  /** Starts it and returns at once; `env` is added to ours. */
  async launch(env: Record<string, string> = {}): Promise<Started> {
    const output = path.join(tmpdir(), `${path.basename(this.dataDir)}-${this.launched.length}.log`);
    const command = {
      file: process.execPath,
      args: [path.join(projectRoot, 'dist/src/embedded/main.js')],
      env: {
        ...process.env,
        NODE_ENV: 'development',
        DATA_DIR: this.dataDir,
        PORT: '0',
        TEMPORAL_UI_PORT: '0',
        ...env,
      },
    };
    const main = await spawnDetached(command, output);
    this.launched.push({ main, output });
    return main;
  }

  /** Starts it and waits until it says that it is ready. */
  async start(env: Record<string, string> = {}): Promise<Started> {
    const main = await this.launch(env);
    await eventually(() => this.output().includes(READY) || !isAlive(main.identity), { deadlineMs: 110_000 });
    if (!this.output().includes(READY)) throw new Error(`it ended: ${this.output()}`);
    return main;
  }

  /** What the last start has printed. */
  output(): string {
    const file = this.launched.at(-1)?.output;
    return file && existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  stack(): Stack {
    const stack = readStack(this.dataDir);
    if (!stack) throw new Error('nothing runs');
    return stack;
  }

  /** The processes that `stack.json` names and that live. */
  running() {
    return processesOf(this.stack()).filter(([, identity]) => isAlive(identity));
  }

  /** Kills the parent first, so that it starts nothing again. */
  async kill(what: 'parent' | 'everything'): Promise<void> {
    const children = this.running().map(([, identity]) => identity);
    const parents = this.launched.map(({ main }) => main.identity).filter(isAlive);
    const victims = what === 'everything' ? [...parents, ...children] : parents;
    for (const { pid } of victims) process.kill(pid, 'SIGKILL');
    await eventually(() => !victims.some(isAlive));
  }

  async remove(): Promise<void> {
    for (const { main } of this.launched) await terminate(main.identity, { graceMs: 40_000 });
    await reapLeftovers(this.dataDir);
    rmSync(this.dataDir, { recursive: true, force: true });
    for (const { output } of this.launched) rmSync(output, { force: true });
  }
}
