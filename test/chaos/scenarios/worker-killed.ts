/** Row 1: the worker is killed at every step, with a load in its hands. */
import type { Failpoint } from '../../../src/failpoint';
import { eventually } from '../../support/poll';
import type { Batch } from '../harness/batch';
import type { Lab, Scenario } from '../harness/lab';
import { HEARTBEAT_TIMEOUT_MS } from '../harness/test-build';
import type { SeenRequest, StandIn } from '../../support/vendors/stand-in';

/** The last two are the vendors' side of a call: it was received, the answer never arrives. */
type Moment = Failpoint | 'stt-submitted' | 'llm-submitted';

const MOMENTS: Moment[] = [
  'stt-submitted',
  'stt-done',
  'llm-submitted',
  'llm-chunk',
  'results-saved',
  'mail-ledgered',
  'mail-sent',
  'event-created',
];
const SHORT: Moment[] = ['stt-done', 'mail-sent'];

/** How often a load of this size passes a moment at least, so that a skipped order still fires. */
const passes = (moment: Moment, { transcripts, recordings }: Load): number => {
  if (moment.startsWith('stt')) return recordings;
  return moment.startsWith('llm') || moment === 'results-saved' ? transcripts + recordings : transcripts * 2;
};

interface Load {
  transcripts: number;
  recordings: number;
}

/** Beside the heartbeat timeout: the server gives up on the dead worker's own queue after 10 s. */
const MOST_SILENCE_MS = HEARTBEAT_TIMEOUT_MS + 10_000;

async function killAt(lab: Lab, moment: Moment, load: Load): Promise<void> {
  const { stack, tally } = lab;
  const batch = lab.batch(lab.scripts(load.transcripts, load.recordings));
  const skip = lab.random.between(0, passes(moment, load) - 1);
  stack.worker.expectDeath();
  const { died } = arm(lab, moment, skip);
  const uploads = batch.upload();
  await died;
  await batch.note();
  tally.kill(await batch.inFlight());
  // They write events as well: what is counted next is the worker's.
  await uploads;
  await stack.worker.isBack();
  await sayFirstProgress(lab, batch, moment);
  if (!(await batch.drain()))
    tally.violate(...(await batch.waitingFor()).map((what) => `${moment}: ${what}`));
  tally.success(batch.taken.size);
}

function arm(lab: Lab, moment: Moment, skip: number): { died: Promise<unknown> } {
  const { vendors, failpoints } = lab.stack;
  if (moment === 'stt-submitted') return whenCalled(lab, vendors.speech.standIn, skip);
  if (moment === 'llm-submitted') return whenCalled(lab, vendors.gemini.standIn, skip);
  const order = failpoints.arm(moment, 'kill', skip);
  return { died: order.fired(60_000) };
}

/** Kills when the vendor has the request in its hands. */
function whenCalled({ stack }: Lab, standIn: StandIn, skip: number): { died: Promise<unknown> } {
  let seen = 0;
  const died = new Promise<void>((resolve) => {
    stack.vendors.misbehave(standIn, (_: SeenRequest) => {
      if (seen++ !== skip) return undefined;
      void stack.worker.kill().then(resolve);
      return { delayMs: 1_000 };
    });
  });
  return { died };
}

async function sayFirstProgress(lab: Lab, batch: Batch, moment: Moment): Promise<void> {
  const { stack, tally } = lab;
  if ((await batch.inFlight()) === 0) return;
  const begun = performance.now();
  const steps = async () => {
    const [row] = await stack.db('meeting_events').count({ count: '*' });
    return Number(row?.count);
  };
  const before = await steps();
  const moved = async () => (await steps()) > before || (await batch.inFlight()) === 0;
  await eventually(moved, { deadlineMs: MOST_SILENCE_MS * 3, intervalMs: 100 }).catch(() => undefined);
  const silenceMs = performance.now() - begun;
  tally.say(`${moment}: first progress ${(silenceMs / 1000).toFixed(1)} s after the new worker`);
  tally.expect(silenceMs <= MOST_SILENCE_MS, `${moment}: no progress for ${Math.round(silenceMs)} ms`);
}

export const workerKilled: Scenario = {
  row: 1,
  name: 'worker kill -9 at each step',
  least: { full: { successes: 110, faults: 40 }, short: { successes: 16, faults: 3 } },
  async run(lab) {
    const load = lab.short ? { transcripts: 6, recordings: 2 } : { transcripts: 10, recordings: 4 };
    for (const moment of lab.short ? SHORT : MOMENTS) await killAt(lab, moment, load);
  },
};
