/** Rows 5 and 6: the api is killed after the commit, and after the start of the run; clients come again with their key. */
import type { Failpoint } from '../../../src/failpoint';
import type { Lab, Least, Scenario } from '../harness/lab';

const MOST_WAIT_MS = 30_000;

async function killAt(lab: Lab, point: Failpoint, uploads: number): Promise<void> {
  const { stack, tally, random } = lab;
  const batch = lab.batch(lab.scripts(uploads - 2, 2));
  const order = stack.failpoints.arm(point, 'kill', random.between(0, uploads - 1));
  stack.api.expectDeath();
  const sent = batch.upload();
  await order.fired(60_000);
  const answered = batch.taken.size;
  await batch.note();
  await stack.api.isBack();
  const begun = performance.now();
  await sent;
  tally.kill(uploads - answered);
  if (!(await batch.drain())) tally.violate(...(await batch.waitingFor()));
  const startedMs = await slowestStart(lab, batch.marks);
  tally.expect(startedMs <= MOST_WAIT_MS, `a run was started ${startedMs} ms after its commit`);
  tally.say(`${point}: all at rest ${Math.round(performance.now() - begun)} ms after the new api`);
  tally.success(batch.taken.size);
}

async function slowestStart({ stack }: Lab, marks: Set<string>): Promise<number> {
  const row = await stack
    .db('meetings')
    .whereIn('title', [...marks])
    .select(stack.db.raw('max(extract(epoch from run_started_at - created_at) * 1000) as ms'))
    .first<{ ms: string | null }>();
  return Math.round(Number(row?.ms ?? 0));
}

const scenario = (row: number, name: string, point: Failpoint, rounds: number): Scenario => {
  const full: Least = { successes: rounds * 9, faults: rounds * 3 };
  return {
    row,
    name,
    least: { full, short: { successes: 9, faults: 1 } },
    async run(lab) {
      for (let round = 0; round < (lab.short ? 1 : rounds); round++) await killAt(lab, point, 10);
    },
  };
};

export const apiKilledAfterCommit = scenario(5, 'api kill -9 between commit and start', 'row-committed', 8);
export const apiKilledAfterStart = scenario(6, 'api kill -9 between start and answer', 'workflow-started', 8);
