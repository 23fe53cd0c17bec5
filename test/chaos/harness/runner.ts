/** Runs a scenario through its phases: load and faults, heal, drain, check. */
import { Batch } from './batch';
import { recordingOf, transcriptOf, type Script } from './cast';
import { violationsOf } from './checks';
import type { Lab, Scenario } from './lab';
import type { Random } from './random';
import { outcomeOf, type Outcome } from './report';
import type { ChaosStack } from './stack';
import { Tally } from './tally';

export class Runner {
  private transcripts = 0;
  private recordings = 0;

  constructor(
    private readonly stack: ChaosStack,
    private readonly random: Random,
    private readonly short: boolean,
    private readonly say: (line: string) => void,
  ) {}

  async run(scenario: Scenario): Promise<Outcome> {
    const { row, name, least } = scenario;
    const tally = new Tally();
    const batches: Batch[] = [];
    const begun = performance.now();
    this.say(`\nrow ${row}: ${name}`);
    try {
      await this.stack.heal();
      await scenario.run(this.lab(scenario, tally, batches));
      await this.stack.heal();
      for (const batch of batches) await this.settle(batch, tally);
    } catch (error) {
      tally.violate(`broken off: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
    tally.violate(...this.stack.surprises(), ...this.stack.vendors.violations());
    const leastNow = this.short ? (least.short ?? least.full) : least.full;
    const outcome = outcomeOf(row, name, tally, leastNow, (performance.now() - begun) / 1000);
    for (const line of outcome.figures) this.say(`  ${line}`);
    for (const line of outcome.violations) this.say(`  VIOLATION ${line}`);
    return outcome;
  }

  private async settle(batch: Batch, tally: Tally): Promise<void> {
    if (!(await batch.drain())) tally.violate(...(await batch.waitingFor()));
    tally.violate(...(await violationsOf(this.stack, batch)));
  }

  private lab({ row }: Scenario, tally: Tally, batches: Batch[]): Lab {
    return {
      stack: this.stack,
      random: this.random.fork(row),
      tally,
      short: this.short,
      scripts: (transcripts, recordings = 0) => this.scripts(transcripts, recordings),
      batch(scripts) {
        const batch = new Batch(this.stack, scripts);
        batches.push(batch);
        return batch;
      },
    };
  }

  private scripts(transcripts: number, recordings: number): Script[] {
    const make = (count: number, one: () => Script) => Array.from({ length: count }, one);
    return [
      ...make(transcripts, () => transcriptOf(this.transcripts++)),
      ...make(recordings, () => recordingOf(this.recordings++)),
    ];
  }
}
