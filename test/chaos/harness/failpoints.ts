/** Orders for the processes under test: "the third time you come to `mail-sent`, kill yourself". */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Failpoint } from '../../../src/failpoint';
import { eventually } from '../../support/poll';

export type Action = 'kill' | 'stop' | 'hold';

export interface Order {
  point: Failpoint;
  action: Action;
  /** Resolves with the process that has fired; rejects after the deadline. */
  fired(deadlineMs?: number): Promise<number>;
  hasFired(): boolean;
  /** Lets a held process go on. */
  release(): void;
  /** Takes the order back; false = it has fired already. */
  cancel(): boolean;
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
      point,
      action,
      hasFired,
      async fired(deadlineMs = 30_000) {
        await eventually(hasFired, { deadlineMs });
        return (JSON.parse(readFileSync(file(`${id}.fired`), 'utf8')) as { pid: number }).pid;
      },
      release: () => writeFileSync(file(`${id}.released`), ''),
      cancel() {
        rmSync(file(`${point}.order`), { force: true });
        return !existsSync(file(`${id}.claimed`));
      },
    };
  }
}
