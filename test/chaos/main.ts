/**
 * The fault suite: `npm run chaos`. Starts the whole product as real processes, breaks them row by row of the fault matrix,
 * and checks that nothing was lost and nothing happened twice. Ends with 1 when something was.
 */
import { writeFileSync } from 'node:fs';
import { removeDeadRuns } from '../support/run-directory';
import { readOptions, type Options } from './harness/options';
import { Random } from './harness/random';
import { removeDeadBuilds } from './harness/test-build';
import { table, type Outcome } from './harness/report';
import { Runner } from './harness/runner';
import { ChaosStack } from './harness/stack';
import { SCENARIOS } from './scenarios';

const say = (line: string) => console.log(line);

async function runAll(stack: ChaosStack, options: Options, random: Random): Promise<Outcome[]> {
  const { short, rows } = options;
  const chosen = SCENARIOS.filter(({ row, least }) => (rows ? rows.includes(row) : !short || least.short));
  const runner = new Runner(stack, random, short, say);
  const outcomes: Outcome[] = [];
  for (const scenario of chosen) outcomes.push(await runner.run(scenario));
  return outcomes;
}

async function main(): Promise<boolean> {
  const options = readOptions(process.argv.slice(2));
  say(`seed ${options.seed}`);
  await removeDeadRuns();
  const random = new Random(options.seed);
  removeDeadBuilds();
  // Heard from the beginning: what is just being started is stopped as soon as it stands.
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => reject(new Error(`interrupted by ${signal}`)));
  });
  interrupted.catch(() => undefined); // told to whoever waits below
  const stack = await ChaosStack.start(random);
  try {
    const outcomes = await Promise.race([runAll(stack, options, random), interrupted]);
    say(`\n${table(outcomes)}`);
    if (options.json) writeFileSync(options.json, JSON.stringify({ seed: options.seed, outcomes }, null, 2));
    return outcomes.length > 0 && outcomes.every(({ violations }) => violations.length === 0);
  } finally {
    await stack.stop();
  }
}

main().then(
  (held) => process.exit(held ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
