/** The SDK's upload in parts, made to end cleanly: stopped at once, retried by part, waited for until nothing runs. */
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { ProviderError } from '../../provider-error';
import type { Measure } from '../storage/measure';
import { call } from './call';

/** 10,000 parts are the limit: 80 GB. Memory is about three parts. */
const PART_BYTES = 8 * 1024 ** 2;
const PARTS_AT_ONCE = 2;
/** 8 MiB at 70 KB/s. */
const PART_MS = 120_000;

/** The client's stream can't be read again, so a hiccup must not cost the whole upload. */
const TRIES = 3;
const FIRST_PAUSE_MS = 200;
/** The client waits meanwhile. */
const LONGEST_PAUSE_MS = 5_000;

export interface UploadTarget {
  Bucket: string;
  Key: string;
  ContentType: string;
}

type SentCommand = Parameters<S3Client['send']>[0];

/**
 * Resolves when the object is there; when it rejects, no request is under way any more. Each part carries a CRC-32 that
 * the store verifies.
 * @throws ProviderError, the error of `body`, or the reason of `signal`
 */
export async function uploadInParts(
  s3: S3Client,
  target: UploadTarget,
  { body, measure, signal }: { body: Readable; measure: Measure; signal: AbortSignal | undefined },
): Promise<void> {
  const send = async (command: SentCommand) => {
    try {
      return await withRetries(s3, command, signal);
    } catch (error) {
      // Another part may be waiting for bytes that a stalled client never sends.
      body.destroy();
      throw error;
    }
  };
  // `Upload.abort()` would reject at once and leave requests running; the signal goes into the requests instead.
  const client = Object.assign(Object.create(s3) as S3Client, { send });
  const params = { ...target, Body: measure.of(body), ChecksumAlgorithm: 'CRC32' as const };
  await new Upload({ client, params, partSize: PART_BYTES, queueSize: PARTS_AT_ONCE }).done();
}

async function withRetries(s3: S3Client, command: SentCommand, signal: AbortSignal | undefined) {
  // Only parts are stopped halfway: what becomes of any other command must be known before the cleaning up.
  const stop = command instanceof UploadPartCommand ? signal : undefined;
  for (let tries = 1; ; tries += 1) {
    try {
      const send = (abortSignal: AbortSignal) => s3.send(command, { abortSignal });
      return await call(send, { deadlineMs: PART_MS, signal: stop });
    } catch (error) {
      if (tries === TRIES || !mayRepeat(command, error)) throw error;
      await sleep(pauseMs(error as ProviderError, tries), undefined, signal && { signal });
    }
  }
}

function mayRepeat(command: SentCommand, error: unknown): boolean {
  if (!(error instanceof ProviderError) || !error.retryable) return false;
  // Begun twice, one would be left over; ended twice, the second is refused: only when the first was not accepted.
  const once =
    command instanceof CreateMultipartUploadCommand || command instanceof CompleteMultipartUploadCommand;
  return !once || error.outcome === 'rejected';
}

const pauseMs = ({ retryAfterMs }: ProviderError, tries: number): number =>
  Math.min(retryAfterMs ?? FIRST_PAUSE_MS * 4 ** (tries - 1) * (0.5 + Math.random()), LONGEST_PAUSE_MS);
