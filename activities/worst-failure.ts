import { ProviderError } from '../src/provider-error';
import type { Failure } from './side-by-side';

/**
 * The failure that decides what happens next: one that can't be tried again, else the longest wait that was told, less
 * the whole seconds that have passed since.
 */
export function worstFailure(failures: Failure[], nowMs: number): unknown {
  const [first] = failures;
  const final = failures.find(({ error }) => !(error instanceof ProviderError && error.retryable));
  if (final) return final.error;
  const waits = failures.flatMap(({ error, atMs }) =>
    error instanceof ProviderError && error.retryAfterMs !== null
      ? [{ error, leftMs: error.retryAfterMs - Math.floor((nowMs - atMs) / 1000) * 1000 }]
      : [],
  );
  const longest = waits.sort((a, b) => b.leftMs - a.leftMs)[0];
  return longest ? waiting(longest.error, longest.leftMs) : first?.error;
}

function waiting(error: ProviderError, leftMs: number): ProviderError {
  const { code, message, outcome } = error;
  return new ProviderError(code, message, { retryable: true, retryAfterMs: Math.max(1, leftMs), outcome });
}
