import {
  ActivityFailure,
  ApplicationFailure,
  RetryState,
  TerminatedFailure,
  TimeoutFailure,
  TimeoutType,
} from '@temporalio/common';
import { describeFailure } from './step-failure';

/** As an activity's call rejects in a workflow. */
const afterActivity = (cause: Error) =>
  new ActivityFailure('Activity task failed', 'extract', 'id', RetryState.TIMEOUT, 'worker', cause);

const refused = ApplicationFailure.nonRetryable('Set WHISPER_MODEL.', 'speech-engine-missing');
const away = ApplicationFailure.retryable('Try later.', 'model-away');

it.each<[string, Error, object]>([
  [
    'what can not be helped, in the activity’s own words',
    afterActivity(refused),
    { code: 'speech-engine-missing', message: 'Set WHISPER_MODEL.', retryable: false },
  ],
  [
    'what was tried for hours, as worth another try',
    afterActivity(away),
    { code: 'model-away', message: 'Try later.', retryable: true },
  ],
  ['a failure of the workflow’s own', refused, { code: 'speech-engine-missing', retryable: false }],
  [
    'a failure without a type',
    afterActivity(ApplicationFailure.create({ message: 'x' })),
    { code: 'internal', message: 'x' },
  ],
  [
    'a step that took too long, by its name',
    afterActivity(new TimeoutFailure('timed out', undefined, TimeoutType.START_TO_CLOSE)),
    { code: 'step-timeout', message: 'The step extract took too long. Try again.', retryable: true },
  ],
])('tells %s', (_, error, expected) => {
  expect(describeFailure('extract', error)).toMatchObject({ step: 'extract', ...expected });
});

it.each<[string, unknown]>([
  ['an error of ours', new TypeError('anna@example.com is not a function')],
  ['another failure of Temporal', afterActivity(new TerminatedFailure('anna@example.com'))],
  ['what is no error', 'anna@example.com'],
])('repeats no word of %s: it may be anybody’s', (_, error) => {
  const failure = describeFailure('notify', error);
  expect(failure).toEqual({
    step: 'notify',
    code: 'internal',
    message: expect.stringContaining("The worker's log says why."),
    retryable: true,
  });
  expect(JSON.stringify(failure)).not.toContain('anna');
});
