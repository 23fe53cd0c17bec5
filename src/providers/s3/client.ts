import type { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import type { S3Settings } from '../../config/storage';
import { isLoopback } from '../../config/urls';
import { capped } from '../storage/capped';

const CONNECT_MS = 5_000;

/** Nothing is sent before the first call. */
export function s3Client(settings: S3Settings): S3Client {
  const { region, endpoint, credentials } = settings;
  const client = new S3Client({
    region,
    forcePathStyle: settings.forcePathStyle || isOnLoopback(endpoint),
    ...(endpoint !== null && { endpoint }),
    // A copy: the SDK writes into it, and the configuration is frozen.
    ...(credentials !== null && { credentials: { ...credentials } }),
    // Retries are ours or Temporal's: two that don't know of each other multiply.
    maxAttempts: 1,
    // Set where it is wanted: by default the SDK puts the checksum of an empty body into signed URLs.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECT_MS },
  });
  capAnswers(client);
  return client;
}

/** A name per bucket can't be resolved there. */
const isOnLoopback = (endpoint: string | null): boolean =>
  endpoint !== null && isLoopback(new URL(endpoint).hostname);

function capAnswers(client: S3Client): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const output = await next(args);
      const response = output.response as { statusCode: number; body: Readable };
      const isRecording = context.commandName === 'GetObjectCommand' && response.statusCode < 300;
      if (!isRecording) response.body = capped(response.body);
      return output;
    },
    // Innermost: before anything reads the answer.
    { name: 'capAnswers', step: 'deserialize', priority: 'low' },
  );
}
