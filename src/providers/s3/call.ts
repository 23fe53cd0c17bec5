import type { S3Client } from '@aws-sdk/client-s3';
import { Deadline, type Deadlines } from '../storage/deadline';
import { asS3Failure, s3Failure } from './failures';

/** Where calls go and how long they may take. */
export interface Service {
  s3: S3Client;
  deadlines: Deadlines;
}

/**
 * One request and its answer.
 * @throws ProviderError; the signal's reason when it aborts
 */
export async function call<T>(
  send: (options: { abortSignal: AbortSignal }) => Promise<T>,
  { deadlineMs, signal }: { deadlineMs: number; signal?: AbortSignal | undefined },
): Promise<T> {
  const deadline = new Deadline(deadlineMs);
  try {
    const abortSignal = signal ? AbortSignal.any([signal, deadline.signal]) : deadline.signal;
    return await send({ abortSignal });
  } catch (error) {
    signal?.throwIfAborted();
    if (deadline.expired) throw s3Failure('storage-timeout', { outcome: 'unknown' });
    throw asS3Failure(error);
  } finally {
    deadline.clear();
  }
}
