import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { isServiceAway } from '../src/db/service-away';
import type { Logger } from '../src/log';
import { ProviderError } from '../src/provider-error';

/** Connections break for a moment: an attempt that found none does not wait as long as for a provider that is ill. */
const AWAY_RETRY_MS = 1_000;

/**
 * Wraps an activity so that nothing but typed failures leaves it: a failure's message enters workflow history, and a
 * database error can quote a row. A Postgres that is away becomes `database-away`, which is tried again at once; what we
 * did not foresee is logged here and becomes the retryable type `internal`.
 */
export function typed<Input, Result>(
  log: Logger,
  name: string,
  activity: (input: Input) => Promise<Result>,
): (input: Input) => Promise<Result> {
  return async (input) => {
    try {
      return await activity(input);
    } catch (error) {
      throw toFailure(log, name, error);
    }
  };
}

function toFailure(log: Logger, name: string, error: unknown): Error {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  if (error instanceof ProviderError) return providerFailure(error);
  if (isServiceAway(error)) {
    log.warn({ err: error, activity: name }, 'an activity found no database; it is tried again');
    const message = 'Postgres did not answer, or broke off.';
    const facts = { type: 'database-away', message, nextRetryDelay: AWAY_RETRY_MS };
    return withoutStack(ApplicationFailure.create(facts));
  }
  log.error({ err: error, activity: name }, 'activity failed unexpectedly');
  const message = `${name} failed unexpectedly. The worker's log says why.`;
  return withoutStack(ApplicationFailure.create({ type: 'internal', message }));
}

function providerFailure(error: ProviderError): ApplicationFailure {
  const failure = ApplicationFailure.create({
    type: error.code,
    message: error.message,
    nonRetryable: !error.retryable,
    ...(error.retryAfterMs !== null && { nextRetryDelay: error.retryAfterMs }),
  });
  return withoutStack(failure);
}

/** It would name this file, and paths of the worker's machine, where an operator looks for the reason. */
function withoutStack(failure: ApplicationFailure): ApplicationFailure {
  failure.stack = '';
  return failure;
}
