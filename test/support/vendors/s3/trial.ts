/** What the tests of the S3 store share. */
import { Readable } from 'node:stream';
import type { S3Settings } from '../../../../src/config/storage';
import type { ProviderError } from '../../../../src/provider-error';
import type { SeenRequest } from '../stand-in';
import { ACCOUNT, BUCKET } from './stand-in';

export const MB = 1024 ** 2;
export const KEY = 'recordings/one';
export const TYPE = { contentType: 'audio/mpeg' };
/** Short enough to wait for. */
export const QUICK = { callMs: 400, checkMs: 300, bytesMs: 400 };

/** Frozen, as the configuration is: the SDK would write into the credentials. */
export const settingsOf = (endpoint: string): S3Settings => ({
  bucket: BUCKET,
  region: ACCOUNT.region,
  credentials: Object.freeze({ ...ACCOUNT }),
  endpoint,
  forcePathStyle: false,
});

export const chunks = (bytes: Buffer): Readable =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, i) =>
      bytes.subarray(i * 65_536, (i + 1) * 65_536),
    ),
  );

/** What it is rejected with. */
export const fails = (promise: Promise<unknown>): Promise<ProviderError> =>
  promise.then(
    () => {
      throw new Error('it went well');
    },
    (error: ProviderError) => error,
  );

export const isPart = ({ method, query }: SeenRequest) => method === 'PUT' && query.has('partNumber');
export const isPut = ({ method, query }: SeenRequest) => method === 'PUT' && !query.has('partNumber');
export const isCreate = ({ method, query }: SeenRequest) => method === 'POST' && query.has('uploads');
export const isComplete = ({ method, query }: SeenRequest) => method === 'POST' && query.has('uploadId');
