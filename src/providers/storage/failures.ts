/** What can go wrong with a store on the network: one list for all of them, so that operators learn it once. */
import { ProviderError } from '../../provider-error';

export type StorageFailure =
  | 'storage-auth'
  | 'bucket-missing'
  | 'storage-wrong-region'
  | 'object-not-found'
  | 'range-not-satisfiable'
  | 'storage-conflict'
  | 'storage-too-large'
  | 'storage-refused'
  | 'storage-slow-down'
  | 'storage-unavailable'
  | 'storage-timeout'
  | 'storage-bad-answer'
  | 'storage-corrupt';

/** How a store and the variables that configure it are called in messages. */
export interface StoreNames {
  store: string;
  keys: string;
  bucket: string;
  address: string;
}

const FAILURES: Record<StorageFailure, { retryable: boolean; message: (names: StoreNames) => string }> = {
  'storage-auth': {
    retryable: false,
    message: ({ store, keys }) => `${store} refuses the credentials or their rights: check ${keys}.`,
  },
  'bucket-missing': {
    retryable: false,
    message: ({ store, keys, bucket }) =>
      `${store} shows no such bucket: create it, or correct ${bucket} or ${keys}.`,
  },
  'storage-wrong-region': {
    retryable: false,
    message: ({ address, bucket }) => `The bucket of ${bucket} is elsewhere: correct ${address}.`,
  },
  'object-not-found': { retryable: false, message: () => 'The stored recording is gone.' },
  'range-not-satisfiable': {
    retryable: false,
    message: () => 'The stored recording has no such bytes.',
  },
  'storage-conflict': {
    retryable: false,
    message: ({ store }) => `${store} has an object under this key already.`,
  },
  'storage-too-large': {
    retryable: false,
    message: ({ bucket }) =>
      `The recording is larger than the bucket of ${bucket} takes: raise its limit or lower MAX_UPLOAD_BYTES.`,
  },
  'storage-refused': {
    retryable: false,
    message: ({ store, bucket }) =>
      `${store} refuses the request: check the rules of the bucket of ${bucket}.`,
  },
  'storage-slow-down': {
    retryable: true,
    message: ({ store }) => `${store} asks for fewer requests; it is tried again.`,
  },
  'storage-unavailable': {
    retryable: true,
    message: ({ store, address }) =>
      `${store} can not be reached or fails: see its status page and ${address}; it is tried again.`,
  },
  'storage-timeout': {
    retryable: true,
    message: ({ store }) => `${store} did not answer in time; it is tried again.`,
  },
  'storage-bad-answer': {
    retryable: true,
    message: ({ store, address }) => `${store} gave an answer that makes no sense: check ${address}.`,
  },
  'storage-corrupt': {
    retryable: true,
    message: ({ store }) => `${store} does not hold the bytes that were sent or has cut them off.`,
  },
};

export interface FailureDetails {
  /** The store's own code and HTTP status; nothing else of its answer is kept. */
  said?: string;
  retryAfterMs?: number;
  outcome?: 'rejected' | 'unknown';
}

/** The vendor's own code is kept when it looks like one: anything else could quote an address or a key. */
const CODE = /^[A-Za-z]{1,50}$/;

/** "SlowDown, 503" of what the vendor called the error and its HTTP status. */
export const saidBy = (code: unknown, status: number | undefined): string =>
  [typeof code === 'string' && CODE.test(code) && code, status].filter(Boolean).join(', ');

/** Makes errors that name the variables of one store. The original error is not kept: it can quote keys. */
export function storageFailures(names: StoreNames) {
  return (failure: StorageFailure, { said, ...details }: FailureDetails = {}): ProviderError => {
    const { retryable, message } = FAILURES[failure];
    return new ProviderError(failure, message(names) + (said ? ` (${said})` : ''), { retryable, ...details });
  };
}

export type MakeFailure = ReturnType<typeof storageFailures>;
