/** What the SDK throws, as a ProviderError. The SDK's own errors quote request ids, addresses and key ids. */
import type { ProviderError } from '../../provider-error';
import { retryAfterMs } from '../retry-after';
import { saidBy, storageFailures, type StorageFailure } from '../storage/failures';

export const s3Failure = storageFailures({
  store: 'S3',
  keys: 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or the role',
  bucket: 'S3_BUCKET',
  address: 'AWS_REGION and S3_ENDPOINT',
});

/** By the service's code, from the list of error responses in the API reference of Amazon S3. */
const BY_CODE: Record<string, StorageFailure> = {
  AnswerTooLarge: 'storage-bad-answer',
  NoSuchKey: 'object-not-found',
  NoSuchBucket: 'bucket-missing',
  CredentialsProviderError: 'storage-auth',
  AuthorizationHeaderMalformed: 'storage-wrong-region',
  ExpiredToken: 'storage-auth',
  InvalidToken: 'storage-auth',
  SlowDown: 'storage-slow-down',
  RequestTimeout: 'storage-timeout',
  EntityTooLarge: 'storage-too-large',
  BadDigest: 'storage-corrupt',
  InvalidDigest: 'storage-corrupt',
  IncompleteBody: 'storage-corrupt',
  InvalidPart: 'storage-corrupt',
  XAmzContentSHA256Mismatch: 'storage-corrupt',
  XAmzContentChecksumMismatch: 'storage-corrupt',
};

function byStatus(status: number): StorageFailure {
  if (status < 300) return 'storage-bad-answer';
  if (status < 400) return 'storage-wrong-region';
  if (status >= 500) return 'storage-unavailable';
  const known: Record<number, StorageFailure> = {
    401: 'storage-auth',
    403: 'storage-auth',
    404: 'object-not-found',
    408: 'storage-timeout',
    413: 'storage-too-large',
    416: 'range-not-satisfiable',
    429: 'storage-slow-down',
  };
  return known[status] ?? 'storage-refused';
}

interface SdkError {
  name?: string;
  /** Of the network, e.g. ECONNRESET. */
  code?: string;
  $metadata?: { httpStatusCode?: number };
  $response?: { statusCode?: number; headers?: Record<string, string> };
}

/** HTTP status of what the SDK threw; null when there was no answer. */
const statusOf = ({ $metadata, $response }: SdkError): number | null =>
  $metadata?.httpStatusCode ?? $response?.statusCode ?? null;

export function asS3Failure(error: unknown): ProviderError {
  const sdk = error as SdkError;
  const status = statusOf(sdk);
  const known = BY_CODE[sdk.name ?? ''];
  if (known === undefined && status === null) {
    return s3Failure('storage-unavailable', { said: saidBy(sdk.code, undefined), outcome: 'unknown' });
  }
  const wait = retryAfterMs(sdk.$response?.headers?.['retry-after']);
  return s3Failure(known ?? byStatus(status as number), {
    said: saidBy(sdk.name, status ?? undefined),
    ...(wait !== null && { retryAfterMs: wait }),
  });
}
