import { Context } from '@temporalio/activity';
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
export function typed<Input extends unknown[], Result>(
  log: Logger,
  name: string,
  activity: (...input: Input) => Promise<Result>,
): (...input: Input) => Promise<Result> {
  return async (...input) => {
    try {
      return await activity(...input);
    } catch (error) {
      throw toFailure(log, name, error);
    }
  };
}

/** What leaves an activity that fails with this error; logs what we did not foresee. */
export function toFailure(log: Logger, name: string, error: unknown): ApplicationFailure | CancelledFailure {
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

/** Why a try failed, as it travels to the activity that tries again. */
export interface Failed {
  code: string;
  message: string;
  /** null = as the next activity's retries have it. */
  retryAfterMs: number | null;
}

export const failedOf = ({ type, message, nextRetryDelay }: ApplicationFailure): Failed => ({
  code: type ?? 'internal',
  message,
  retryAfterMs: typeof nextRetryDelay === 'number' ? nextRetryDelay : null,
});

/**
 * Fails the first attempt as the try before it did: the server then shows why, counts it, and waits as that asked for.
 * Does nothing in later attempts, or when nothing was tried before.
 */
export function countTry(failed: Failed | undefined): void {
  if (!failed || Context.current().info.attempt > 1) return;
  const { code: type, message, retryAfterMs } = failed;
  const wait = retryAfterMs !== null && { nextRetryDelay: retryAfterMs };
  throw withoutStack(ApplicationFailure.create({ type, message, ...wait }));
}
