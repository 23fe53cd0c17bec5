/** The SDK's upload in parts, made to end cleanly: stopped at once, retried by part, waited for until nothing runs. */
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { ProviderError } from '../../provider-error';
import type { Measure } from '../storage/measure';
import { call, type Service } from './call';
import { s3Failure } from './failures';

/** 10,000 parts are the limit: 80 GB. Memory is about three parts. */
const PART_BYTES = 8 * 1024 ** 2;
const PARTS_AT_ONCE = 2;

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

export interface Content {
  body: Readable;
  measure: Measure;
  signal: AbortSignal | undefined;
}

/**
 * Resolves when the object is there with all its bytes; when it rejects, no request is under way any more, and parts may
 * be left. Each part carries a CRC-32 that the store verifies.
 * @throws ProviderError, the error of `body`, or the reason of `signal`
 */
export async function uploadInParts(service: Service, target: UploadTarget, content: Content): Promise<void> {
  const { body, measure, signal } = content;
  const send = async (command: SentCommand) => {
    try {
      return await sendPart(service, command, signal);
    } catch (error) {
      // Another part may be waiting for bytes that a stalled client never sends.
      body.destroy();
      throw error;
    }
  };
  // `Upload.abort()` would reject at once and leave requests running; the signal goes into the requests instead.
  const client = Object.assign(Object.create(service.s3) as S3Client, { send });
  const params = { ...target, Body: measure.of(body), ChecksumAlgorithm: 'CRC32' as const };
  const sizes = { partSize: PART_BYTES, queueSize: PARTS_AT_ONCE };
  // The caller removes what is left; when `Upload` can't, it throws that instead of what went wrong.
  await new Upload({ client, params, ...sizes, leavePartsOnError: true }).done();
  await verify(service, target, content);
}

async function verify({ s3, deadlines }: Service, { Bucket, Key }: UploadTarget, content: Content) {
  const command = new HeadObjectCommand({ Bucket, Key });
  const ask = () => call((options) => s3.send(command, options), { deadlineMs: deadlines.callMs });
  const { ContentLength } = await withRetries(ask, content.signal);
  if (ContentLength !== content.measure.bytes) throw s3Failure('storage-corrupt', { said: 'wrong length' });
}

function sendPart({ s3, deadlines }: Service, command: SentCommand, signal: AbortSignal | undefined) {
  // Only parts are stopped halfway: what becomes of any other command must be known before the cleaning up.
  const stop = command instanceof UploadPartCommand ? signal : undefined;
  const options = { deadlineMs: deadlines.bytesMs, signal: stop };
  // Begun twice, one would be left over; ended twice, the second is refused: only when the first was not accepted.
  const once =
    command instanceof CreateMultipartUploadCommand || command instanceof CompleteMultipartUploadCommand;
  const mayRepeat = ({ outcome }: ProviderError) => !once || outcome === 'rejected';
  return withRetries(() => call((terms) => s3.send(command, terms), options), signal, mayRepeat);
}

async function withRetries<T>(
  attempt: () => Promise<T>,
  signal: AbortSignal | undefined,
  mayRepeat: (error: ProviderError) => boolean = () => true,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      const isTemporary = error instanceof ProviderError && error.retryable && mayRepeat(error);
      if (tries === TRIES || !isTemporary) throw error;
      await sleep(pauseMs(error, tries), undefined, signal && { signal });
    }
  }
}

const pauseMs = ({ retryAfterMs }: ProviderError, tries: number): number =>
  Math.min(retryAfterMs ?? FIRST_PAUSE_MS * 4 ** (tries - 1) * (0.5 + Math.random()), LONGEST_PAUSE_MS);
