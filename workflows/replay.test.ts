/** Runs that are open when a new version comes replay their history with it: the recorded ones must still fit. */
import { readFileSync } from 'node:fs';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { recorded, type Recorded } from '../test/histories/recorded';
import { stringsIn } from '../test/support/history';
import { SAMPLE_LINES } from '../test/support/sample';
import { workflowBundle } from '../test/support/temporal';

const ours = () => readFileSync(workflowBundle().codePath, 'utf8');

beforeAll(() => {
  const logging = { filter: { core: 'ERROR', other: 'ERROR' }, forward: {} } as const;
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [], telemetryOptions: { logging } });
});

/** Why each history that does not fit the bundle doesn't, by name. */
async function misfits(code: string, histories = recorded()): Promise<Record<string, unknown>> {
  const errors: Record<string, unknown> = {};
  const names = histories.map(({ name }) => name);
  for await (const { error } of Worker.runReplayHistories({ workflowBundle: { code } }, histories)) {
    const name = names.shift()!;
    if (error) errors[name] = error;
  }
  expect(names).toEqual([]);
  return errors;
}

/** A bundle in which `from` reads `to`; a mutation that hits nothing would prove nothing. */
function mutated(from: RegExp, to: string): string {
  const [code, changed] = [ours(), ours().replace(from, to)];
  if (code === changed) throw new Error(`nothing in the bundle reads ${from}`);
  return changed;
}

const call = (name: string) => String.raw`await \(0,\s?(\w+)\.${name}\)\(`;
const step = (name: string) => String.raw`\(0,\s?(\w+)\.${name}\)\(`;

it('every recorded history fits the workflows as they are', async () => {
  expect(recorded().length).toBeGreaterThanOrEqual(21);
  expect(await misfits(ours())).toEqual({});
}, 120_000);

describe('this test notices when', () => {
  it.each([
    ['a step is left out', step('extract'), '(', 'transcript'],
    ['two steps change places', step('probe'), '(0,$1.extract)(', 'recording'],
    ['tasks are not handed over', step('handOver'), '(0,$1.assemble)(', 'handed-over-late'],
    ['a task is told by other steps', step('deliver'), '(0,$1.planTask)(', 'task-told'],
    ['a task that nobody is told of is not finished', call('finishTask'), '(', 'task-untold'],
    ['a mail is not tried again', step('sendMail'), '(0,$1.syncCalendar)(', 'task-told-again'],
    ['no cancellation is heeded', String.raw`\(\)\s?=>\s?inbox.hasCancel`, '()=>false', 'cancelled'],
    ['a run goes on as new at another time', 'events: 70', 'events: 30', 'gone-on-as-new'],
  ])(
    '%s',
    async (_, from, to, name) => {
      const errors = await misfits(mutated(new RegExp(from), to));
      expect(Object.keys(errors)).toContain(name);
      expect(errors[name]).toMatchObject({
        name: expect.stringMatching(/^(DeterminismViolation|Replay)Error$/),
      });
    },
    120_000,
  );

  it('a history is not what the workflows would have done', async () => {
    const other = recorded((json) => json.replaceAll('"name":"extract"', '"name":"guess"'));
    const errors = await misfits(ours(), other);
    expect(errors.transcript).toBeInstanceOf(DeterminismViolationError);
  }, 120_000);
});

describe.each(recorded().map((one): [string, Recorded] => [one.name, one]))('%s', (_, { history }) => {
  it('holds nothing personal, and nothing of where it was recorded', () => {
    const text = stringsIn(history).join('\n');
    expect(text).toMatch(/MeetingPipeline|TaskSync|Janitor|Erasure/);
    for (const line of SAMPLE_LINES) expect(text).not.toContain(line.slice(line.indexOf(':') + 2));
    expect(text).not.toMatch(
      /payment|launch|Anna|Ben\b|Carol|@example|Weekly planning|\/(work|home|tmp|Users)\//,
    );
  });

  it('is small', () => expect(history.events!.length).toBeLessThanOrEqual(150));
});
