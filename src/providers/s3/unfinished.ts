import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type MultipartUpload,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { ProviderError } from '../../provider-error';
import { call } from './call';
import { s3Failure } from './failures';

/** A part that was under way can survive the first abort (API reference, AbortMultipartUpload). */
const ROUNDS = 3;

interface Place {
  Bucket: string;
  Key: string;
}

/** Removes what uploads of this key left that were never completed: it is invisible, and paid for. */
export async function abortUnfinished(s3: S3Client, place: Place): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const uploads = await unfinished(s3, place);
    if (uploads.length === 0) return;
    await Promise.all(uploads.map((upload) => abort(s3, place, upload)));
  }
  if ((await unfinished(s3, place)).length) throw s3Failure('storage-unavailable', { said: 'unfinished' });
}

async function unfinished(s3: S3Client, { Bucket, Key }: Place): Promise<MultipartUpload[]> {
  const command = new ListMultipartUploadsCommand({ Bucket, Prefix: Key });
  const { Uploads } = await call((abortSignal) => s3.send(command, { abortSignal }));
  return (Uploads ?? []).filter((upload) => upload.Key === Key);
}

async function abort(s3: S3Client, place: Place, { UploadId }: MultipartUpload): Promise<void> {
  const command = new AbortMultipartUploadCommand({ ...place, UploadId });
  try {
    await call((abortSignal) => s3.send(command, { abortSignal }));
  } catch (error) {
    if ((error as ProviderError).code !== 'object-not-found') throw error;
  }
}
