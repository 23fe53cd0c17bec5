/** Row 31: every run of this suite, with its kills and retries, replays on the workflows as they are. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isGrpcServiceError } from '@temporalio/client';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import type { Lab, Scenario } from '../harness/lab';

const MOST = 300;

async function historiesOf({ stack }: Lab) {
  const histories = [];
  for await (const run of stack.client.workflow.list()) {
    if (histories.length >= MOST) break;
    const { workflowId, runId } = run;
    const fetching = stack.client.workflow.getHandle(workflowId, runId).fetchHistory();
    const history = await fetching.catch(unlessErased);
    if (history) histories.push({ workflowId, history });
  }
  return histories;
}

const NOT_FOUND = 5;

/** The list still names runs that an erasure has just deleted. */
function unlessErased(error: unknown): null {
  if (isGrpcServiceError(error) && Number(error.code) === NOT_FOUND) return null;
  throw error;
}

async function misfits(code: string, histories: Awaited<ReturnType<typeof historiesOf>>): Promise<string[]> {
  const found: string[] = [];
  for await (const { workflowId, error } of Worker.runReplayHistories(
    { workflowBundle: { code } },
    histories,
  ))
    if (error) found.push(`${workflowId}: ${error.message}`);
  return found;
}

export const replayed: Scenario = {
  row: 31,
  name: 'histories of this run replayed; a mutation must be noticed',
  least: { full: { successes: 50, faults: 50 }, short: null },
  async run(lab) {
    const { stack, tally } = lab;
    const logging = { forward: {}, filter: { core: 'ERROR', other: 'ERROR' } } as const;
    Runtime.install({
      logger: new DefaultLogger('ERROR'),
      shutdownSignals: [],
      telemetryOptions: { logging },
    });
    const load = lab.batch(lab.scripts(10));
    await load.upload();
    await load.drain();
    const histories = await historiesOf(lab);
    const code = readFileSync(path.join(stack.root, 'dist/workflow-bundle.js'), 'utf8');
    const wrong = await misfits(code, histories);
    tally.violate(...wrong);
    tally.success(histories.length - wrong.length);
    // A step by another name is what a careless change of the order looks like to an old run: whatever comes first.
    const mutated = code
      .replaceAll('planWork', 'planAnew')
      .replaceAll(/(\}\))\.(probe|extract);/g, '$1.guess;');
    const pipelines = histories.filter(({ workflowId }) => workflowId.startsWith('meeting-'));
    const noticed = await misfits(mutated, pipelines);
    tally.fault(noticed.length);
    tally.expect(
      noticed.length === pipelines.length,
      `${noticed.length} of ${pipelines.length} notice a mutation`,
    );
    tally.say(
      `${histories.length} runs replayed, ${noticed.length} of ${pipelines.length} notice a mutation`,
    );
  },
};
