/** Row 30: signals in any order, twice, malformed, before the run has begun and after it has ended. */
import fc from 'fast-check';
import { sideBySide } from '../../../activities/side-by-side';
import { pipelineId } from '../../../workflows/messages';
import type { Batch } from '../harness/batch';
import type { Script } from '../harness/cast';
import type { Lab, Scenario } from '../harness/lab';

const AT_ONCE = 12;

interface Signal {
  name: 'reextract' | 'retranscribe' | 'cancel';
  /** Ids are few, so that some come twice. */
  argument: { requestId: string } | { requestId: number } | null;
  /** Before the upload is known to Temporal, or at some time after. */
  afterMs: number;
}

const signal: fc.Arbitrary<Signal> = fc.record({
  name: fc.constantFrom('reextract', 'reextract', 'retranscribe', 'cancel'),
  argument: fc.oneof(
    { weight: 6, arbitrary: fc.record({ requestId: fc.constantFrom('a', 'b', 'c') }) },
    { weight: 1, arbitrary: fc.record({ requestId: fc.integer() }) },
    { weight: 1, arbitrary: fc.constant(null) },
  ),
  afterMs: fc.constantFrom(0, 0, 50, 300, 1_500),
});
const sequences = fc.array(signal, { minLength: 1, maxLength: 5 });

/** As an operator does it by hand. */
async function give({ stack }: Lab, meetingId: string, { name, argument }: Signal): Promise<void> {
  await stack.client.workflow.signalWithStart('MeetingPipeline', {
    workflowId: pipelineId(meetingId),
    taskQueue: 'meetings',
    signal: name,
    signalArgs: [argument],
  });
}

async function play(lab: Lab, batch: Batch, script: Script, sequence: Signal[]): Promise<void> {
  await batch.upload([script]);
  const meetingId = batch.taken.get(script.mark)?.meetingId;
  if (!meetingId) return;
  for (const one of sequence) {
    await new Promise((resolve) => setTimeout(resolve, one.afterMs));
    await give(lab, meetingId, one);
    lab.tally.fault();
  }
  lab.tally.success();
}

export const signalsAnyhow: Scenario = {
  row: 30,
  name: 'signals in any order, twice, malformed, after the end',
  least: { full: { successes: 400, faults: 800 }, short: null },
  async run(lab) {
    const numRuns = 400;
    const all = fc.sample(sequences, { seed: lab.random.between(0, 2 ** 31 - 1), numRuns });
    const batch = lab.batch(lab.scripts(numRuns));
    for (const { mark } of batch.scripts) {
      batch.reruns.set(mark, 6);
      batch.mayFail.add(mark);
    }
    const pairs = batch.scripts.map((script, i) => ({ script, sequence: all[i] as Signal[] }));
    await sideBySide(pairs, AT_ONCE, async ({ script, sequence }) => {
      await play(lab, batch, script, sequence);
      return [];
    });
    lab.tally.expect(await batch.drain(), 'a run is stuck');
  },
};
