import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/common';
import type { Step } from '../src/domain/meeting';

/** Why a step failed for good, in the words of the activity's typed failure. */
export interface StepFailure {
  step: Step;
  code: string;
  message: string;
  retryable: boolean;
}

/** Reads the reason out of what an activity call rejected with. */
export function describeFailure(step: Step, error: unknown): StepFailure {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) {
    return { step, code: cause.type ?? 'internal', message: cause.message, retryable: !cause.nonRetryable };
  }
  if (cause instanceof TimeoutFailure) {
    return {
      step,
      code: 'step-timeout',
      message: `The step ${step} took too long. Try again.`,
      retryable: true,
    };
  }
  return {
    step,
    code: 'internal',
    message: `The step ${step} failed. The worker's log says why.`,
    retryable: true,
  };
}
