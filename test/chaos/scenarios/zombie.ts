/** Row 2: the worker is stopped in the middle, another takes over, then the first one wakes and believes it still works. */
import type { Failpoint } from '../../../src/failpoint';
import type { Lab, Scenario } from '../harness/lab';

const MOMENTS: Failpoint[] = [
  'stt-done',
  'llm-chunk',
  'results-saved',
  'mail-ledgered',
  'mail-sent',
  'event-created',
];
const SHORT: Failpoint[] = ['mail-ledgered'];

async function stopAt(lab: Lab, point: Failpoint): Promise<void> {
  const { stack, tally, random } = lab;
  const batch = lab.batch(lab.scripts(8, 2));
  const order = stack.failpoints.arm(point, 'stop', random.between(0, 1));
  const uploads = batch.upload();
  await order.fired(60_000);
  await batch.note();
  const inFlight = await batch.inFlight();
  await stack.secondWorker.start();
  await uploads;
  const tookOver = await batch.drain();
  tally.expect(tookOver, `${point}: the second worker did not take over`);
  stack.worker.signal('SIGCONT');
  tally.kill(inFlight);
  await seeBothWork(lab);
  await stack.secondWorker.keepDown();
  tally.success(batch.taken.size);
}

/** By the time that more work is done, the woken worker has said what it had to say. */
async function seeBothWork(lab: Lab): Promise<void> {
  const more = lab.batch(lab.scripts(4));
  await more.upload();
  lab.tally.expect(await more.drain(), 'two workers do not get on');
}

export const zombie: Scenario = {
  row: 2,
  name: 'worker SIGSTOP, another takes over, SIGCONT',
  least: { full: { successes: 60, faults: 20 }, short: { successes: 10, faults: 3 } },
  async run(lab) {
    for (const point of lab.short ? SHORT : MOMENTS) await stopAt(lab, point);
  },
};
