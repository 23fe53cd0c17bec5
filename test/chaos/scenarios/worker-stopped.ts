/** Row 3: the worker is asked to stop while it works; what it has in its hands it finishes or hands back. */
import { eventually } from '../../support/poll';
import type { Lab, Scenario } from '../harness/lab';

const MOST_STOP_MS = 30_000;
const SLOW_CALL_MS = 1_500;

async function stopOnce(lab: Lab): Promise<void> {
  const { stack, tally } = lab;
  const { vendors } = stack;
  for (const standIn of [vendors.gemini.standIn, vendors.speech.standIn])
    vendors.misbehave(standIn, () => ({ delayMs: SLOW_CALL_MS }));
  const batch = lab.batch(lab.scripts(8, 2));
  await batch.upload();
  const calling = () => vendors.calls(batch.marks).length > 0;
  await eventually(calling, { deadlineMs: 60_000 });
  const inFlight = await batch.inFlight();
  const begun = performance.now();
  const reason = await stack.worker.keepDown('SIGTERM');
  const tookMs = Math.round(performance.now() - begun);
  tally.fault(inFlight);
  tally.expect(reason === 'code 0', `SIGTERM ended the worker with ${reason}`);
  tally.expect(tookMs <= MOST_STOP_MS, `the worker took ${tookMs} ms to stop`);
  tally.say(`stopped in ${tookMs} ms with ${inFlight} meetings in flight`);
  vendors.behave();
  await stack.worker.start();
  tally.expect(await batch.drain(), 'what the worker handed back was not taken up');
  tally.success(batch.taken.size);
}

export const workerStopped: Scenario = {
  row: 3,
  name: 'worker SIGTERM in the middle of activities',
  least: { full: { successes: 30, faults: 10 }, short: null },
  async run(lab) {
    for (let round = 0; round < 3; round++) await stopOnce(lab);
  },
};
