/** What storage-js reports, as a ProviderError. Classified by `statusCode`: the HTTP status is 400 for most of them. */
import type { ProviderError } from '../../provider-error';
import { retryAfterMs } from '../retry-after';
import { saidBy, storageFailures, type StorageFailure } from '../storage/failures';

export const supabaseFailure = storageFailures({
  store: 'Supabase Storage',
  keys: 'SUPABASE_SERVICE_ROLE_KEY',
  bucket: 'SUPABASE_BUCKET',
  address: 'SUPABASE_URL',
});

const BY_STATUS: Record<string, StorageFailure> = {
  401: 'storage-auth',
  403: 'storage-auth',
  408: 'storage-timeout',
  409: 'storage-conflict',
  413: 'storage-too-large',
  416: 'range-not-satisfiable',
  429: 'storage-slow-down',
};

/** Newer servers put their own code where older ones put the status. */
const BY_CODE: Record<string, StorageFailure> = {
  AccessDenied: 'storage-auth',
  InvalidJWT: 'storage-auth',
  SignatureDoesNotMatch: 'storage-auth',
  EntityTooLarge: 'storage-too-large',
  KeyAlreadyExists: 'storage-conflict',
  NoSuchBucket: 'bucket-missing',
  NoSuchKey: 'object-not-found',
  SlowDown: 'storage-slow-down',
};

/** Of storage-js; `statusCode` and `status` are missing when there was no answer. */
export interface StorageErrorLike {
  message?: string;
  status?: number | undefined;
  statusCode?: string | undefined;
}

/** `response` = the answer that the error is about; undefined when none came. */
export function asSupabaseFailure(error: StorageErrorLike, response: Response | undefined): ProviderError {
  if (!response) return supabaseFailure('storage-unavailable', { outcome: 'unknown' });
  // A good answer that storage-js could not read is not the network's fault.
  if (response.ok) return supabaseFailure('storage-bad-answer', { outcome: 'unknown' });
  const { statusCode = '' } = error;
  const status = /^\d{3}$/.test(statusCode) ? Number(statusCode) : response.status;
  const waitMs = retryAfterMs(response.headers.get('retry-after'));
  return supabaseFailure(kindOf(error, status), {
    said: saidBy(statusCode, status),
    ...(waitMs !== null && { retryAfterMs: waitMs }),
  });
}

function kindOf({ statusCode = '', message = '' }: StorageErrorLike, status: number): StorageFailure {
  const known = BY_CODE[statusCode] ?? BY_STATUS[status];
  if (known) return known;
  if (status === 404) return /bucket/i.test(message) ? 'bucket-missing' : 'object-not-found';
  return status >= 500 ? 'storage-unavailable' : 'storage-refused';
}
