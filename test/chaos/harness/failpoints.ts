/** Orders for the processes under test: "the third time you come to `mail-sent`, kill yourself". */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Failpoint } from '../../../src/failpoint';
import { eventually } from '../../support/poll';

export type Action = 'kill' | 'stop' | 'hold';

export interface Order {
  /** Resolves with the process that has fired; rejects after the deadline. */
  fired(deadlineMs?: number): Promise<number>;
  /** Lets a held process go on. */
  release(): void;
}

export class Failpoints {
  private count = 0;

  constructor(readonly directory: string) {
    mkdirSync(directory, { recursive: true });
  }

  /** One order per point at a time; `skip` = how often the process may pass before. */
  arm(point: Failpoint, action: Action, skip = 0): Order {
    const id = `${point}-${++this.count}`;
    const file = (name: string) => path.join(this.directory, name);
    writeFileSync(file(`${id}.new`), JSON.stringify({ id, action, skip }));
    renameSync(file(`${id}.new`), file(`${point}.order`));
    const hasFired = () => existsSync(file(`${id}.fired`));
    return {
      async fired(deadlineMs = 30_000) {
        await eventually(hasFired, { deadlineMs });
        return (JSON.parse(readFileSync(file(`${id}.fired`), 'utf8')) as { pid: number }).pid;
      },
      release: () => writeFileSync(file(`${id}.released`), ''),
    };
  }

  /** Takes back what has not fired, and lets every held process go on. */
  withdrawAll(): void {
    for (const name of readdirSync(this.directory)) {
      const { name: id, ext } = path.parse(name);
      if (ext === '.order') rmSync(path.join(this.directory, name), { force: true });
      if (ext === '.claimed') writeFileSync(path.join(this.directory, `${id}.released`), '');
    }
  }
}
