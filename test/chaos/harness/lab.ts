/** What a scenario works with, and what it is. */
import type { Batch } from './batch';
import type { Script } from './cast';
import type { Random } from './random';
import type { ChaosStack } from './stack';
import type { Tally } from './tally';

export interface Lab {
  stack: ChaosStack;
  random: Random;
  tally: Tally;
  /** The version for CI: fewer of everything. */
  short: boolean;
  /** New meetings, never seen before in this run. */
  scripts(transcripts: number, recordings?: number): Script[];
  /** A load that is checked when the scenario is over. */
  batch(scripts: Script[]): Batch;
}

export interface Least {
  successes: number;
  faults: number;
}

/** One row of the fault matrix. It heals what it has broken; the phases after that are the runner's. */
export interface Scenario {
  row: number;
  name: string;
  /** A run that reaches less has proved nothing and fails. */
  least: { full: Least; short: Least | null };
  run(lab: Lab): Promise<void>;
}
