import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { createLogger } from '../src/log';
import { ProviderError } from '../src/provider-error';
import { typed } from './typed-failure';

const log = createLogger('test', 'silent');
const failing = (error: unknown) => typed(log, 'extract', () => Promise.reject(error as Error))();
const failureOf = async (error: unknown) =>
  (await failing(error).catch((caught: unknown) => caught)) as ApplicationFailure;

it('keeps the code, the advice, the class and the wait of a provider error', async () => {
  const failure = await failureOf(
    new ProviderError('rate-limited', 'Wait.', { retryable: true, retryAfterMs: 17_000 }),
  );
  expect(failure).toMatchObject({
    type: 'rate-limited',
    message: 'Wait.',
    nonRetryable: false,
    nextRetryDelay: 17_000,
    stack: '',
  });
});

it('makes a permanent one non-retryable', async () => {
  expect(await failureOf(new ProviderError('no-media', 'Upload.', { retryable: false }))).toMatchObject({
    nonRetryable: true,
  });
});

it('waits for a Postgres that is away as long as that needs, and does not quote it', async () => {
  const broken = Object.assign(new Error('terminating: insert of anna@example.com'), { code: '57P01' });
  const failure = await failureOf(broken);
  expect(failure).toMatchObject({ type: 'database-away', nonRetryable: false, nextRetryDelay: 1_000 });
  expect(JSON.stringify([failure.message, failure.cause, failure.details])).not.toContain('anna');
});

it('says nothing of what it did not foresee: the words could be anybody’s', async () => {
  const failure = await failureOf(new Error('Key (email)=(anna@example.com) already exists.'));
  expect(failure).toMatchObject({ type: 'internal', nonRetryable: false });
  expect(JSON.stringify([failure.message, failure.cause, failure.details])).not.toContain('anna');
});

it.each([new CancelledFailure('CANCELLED'), ApplicationFailure.nonRetryable('x', 'y')])(
  'passes on %s',
  async (error) => {
    expect(await failureOf(error)).toBe(error);
  },
);
