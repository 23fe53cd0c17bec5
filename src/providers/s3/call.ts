import { Deadline } from '../storage/deadline';
import { asS3Failure, s3Failure } from './failures';

/** For everything that carries no recording. */
export const CALL_MS = 15_000;

/**
 * One request and its answer.
 * @throws ProviderError; the signal's reason when it aborts
 */
export async function call<T>(
  send: (abortSignal: AbortSignal) => Promise<T>,
  { deadlineMs = CALL_MS, signal }: { deadlineMs?: number; signal?: AbortSignal | undefined } = {},
): Promise<T> {
  const deadline = new Deadline(deadlineMs);
  try {
    return await send(signal ? AbortSignal.any([signal, deadline.signal]) : deadline.signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (deadline.expired) throw s3Failure('storage-timeout', { outcome: 'unknown' });
    throw asS3Failure(error);
  } finally {
    deadline.clear();
  }
}
