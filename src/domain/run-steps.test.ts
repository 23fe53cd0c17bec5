import type { Failure } from './meeting';
import { recordSteps, viewSteps, type Ending, type StepRecords } from './run-steps';

type Entry = Parameters<typeof recordSteps>[1];

const at = (second: number) => new Date(Date.UTC(2025, 0, 1, 12, 0, second)).toISOString();

/** The records after these statuses, a second apart. */
function after(...moments: (Entry | [Entry, { attempt?: number; ending?: Ending }])[]): StepRecords {
  return moments.reduce<StepRecords>((records, moment, second) => {
    const [status, { attempt = 1, ending = 'done' as const } = {}] = [moment].flat() as [Entry, any?];
    return recordSteps(records, status, { attempt, at: at(second), ending });
  }, {});
}

const failure = (step: Failure['step'], second: number): Failure => ({
  step,
  code: 'speech-key-refused',
  message: 'Check the key.',
  retryable: false,
  at: at(second),
});

const view = (steps: StepRecords, facts: Partial<Parameters<typeof viewSteps>[0]> = {}) =>
  viewSteps({ status: 'ready', failure: null, hasMedia: true, ...facts, steps });
const states = (steps: StepRecords, facts = {}) => view(steps, facts).map(({ state }) => state);

test('every step begins when its status does and ends when the next one begins', () => {
  const steps = after('probing', 'transcribing', 'extracting', 'notifying', 'ready');
  expect(view(steps).map(({ startedAt, finishedAt }) => [startedAt, finishedAt])).toEqual([
    [at(0), at(1)],
    [at(1), at(2)],
    [at(2), at(3)],
    [at(3), at(4)],
  ]);
  expect(states(steps)).toEqual(['done', 'done', 'done', 'done']);
});

test('a later attempt goes on with the step that began with the first', () => {
  const steps = after('probing', 'transcribing', ['transcribing', { attempt: 7 }]);
  expect(view(steps, { status: 'transcribing' })[1]).toEqual({
    name: 'transcribe',
    state: 'running',
    attempt: 7,
    startedAt: at(1),
    finishedAt: null,
    error: null,
  });
});

test('the same attempt again changes nothing, so nothing is written', () => {
  const steps = after('probing');
  expect(recordSteps(steps, 'probing', { attempt: 1, at: at(9), ending: 'done' })).toBe(steps);
});

test('a first attempt after another one is a new run of the step', () => {
  const steps = after('transcribing', ['transcribing', { attempt: 3 }], 'transcribing');
  expect(view(steps, { status: 'transcribing' })[1]).toMatchObject({ attempt: 1, startedAt: at(2) });
});

test('what failed says so, with why; later steps wait', () => {
  const steps = after('probing', ['transcribing', {}], ['failed', { ending: 'failed' }]);
  const seen = view(steps, { status: 'failed', failure: failure('transcribe', 2) });
  expect(seen.map(({ state }) => state)).toEqual(['done', 'failed', 'pending', 'pending']);
  expect(seen[1]).toMatchObject({
    finishedAt: at(2),
    error: { code: 'speech-key-refused', message: 'Check the key.' },
  });
});

test('a step that no worker ever took fails without having begun', () => {
  const seen = view({}, { status: 'failed', failure: failure('probe', 2) });
  expect(seen[0]).toMatchObject({ state: 'failed', attempt: 0, startedAt: null, finishedAt: at(2) });
});

test('while it is done again the old failure is history, after a success it never was', () => {
  const failed = after('probing', 'transcribing', ['failed', { ending: 'failed' }]);
  const again = recordSteps(failed, 'transcribing', { attempt: 1, at: at(5), ending: 'done' });
  expect(states(again, { status: 'transcribing', failure: failure('transcribe', 2) })[1]).toBe('running');
  expect(states(failed, { status: 'ready', failure: null })[1]).toBe('done');
});

test('hearing again takes back what came after; reading again leaves what came before', () => {
  const ready = after('probing', 'transcribing', 'extracting', 'notifying', 'ready');
  const rehearing = recordSteps(ready, 'probing', { attempt: 1, at: at(9), ending: 'done' });
  expect(states(rehearing, { status: 'probing' })).toEqual(['running', 'pending', 'pending', 'pending']);
  const rereading = recordSteps(ready, 'extracting', { attempt: 1, at: at(9), ending: 'done' });
  expect(states(rereading, { status: 'extracting' })).toEqual(['done', 'done', 'running', 'pending']);
});

test('a cancelled step has ended, and says that somebody wanted it', () => {
  const steps = after('probing', ['cancelled', { ending: 'cancelled' }]);
  expect(view(steps, { status: 'cancelled' })[0]).toMatchObject({
    state: 'failed',
    finishedAt: at(1),
    error: { code: 'cancelled' },
  });
});

test('a ready transcript is not heard; a meeting from before there were records is what its status says', () => {
  expect(states(after('extracting'), { hasMedia: false, status: 'extracting' })).toEqual([
    'skipped',
    'skipped',
    'running',
    'pending',
  ]);
  expect(states({}, { status: 'ready' })).toEqual(['done', 'done', 'done', 'done']);
  expect(states({}, { status: 'queued' })).toEqual(['pending', 'pending', 'pending', 'pending']);
});
