import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type MultipartUpload,
} from '@aws-sdk/client-s3';
import type { ProviderError } from '../../provider-error';
import { call, type Service } from './call';
import { s3Failure } from './failures';

/** A part that was under way can survive the first abort (API reference, AbortMultipartUpload). */
const ROUNDS = 3;

export interface Place {
  Bucket: string;
  Key: string;
}

/** Removes what uploads of this key left that were never completed: it is invisible, and paid for. */
export async function abortUnfinished(service: Service, place: Place): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const uploads = await unfinished(service, place);
    if (uploads.length === 0) return;
    await Promise.all(uploads.map((upload) => abort(service, place, upload)));
  }
  if ((await unfinished(service, place)).length)
    throw s3Failure('storage-unavailable', { said: 'unfinished' });
}

async function unfinished(service: Service, { Bucket, Key }: Place): Promise<MultipartUpload[]> {
  const command = new ListMultipartUploadsCommand({ Bucket, Prefix: Key });
  const { Uploads } = await call((options) => service.s3.send(command, options), {
    deadlineMs: service.deadlines.callMs,
  });
  return (Uploads ?? []).filter((upload) => upload.Key === Key);
}

async function abort(service: Service, place: Place, { UploadId }: MultipartUpload): Promise<void> {
  const command = new AbortMultipartUploadCommand({ ...place, UploadId });
  try {
    await call((options) => service.s3.send(command, options), { deadlineMs: service.deadlines.callMs });
  } catch (error) {
    if ((error as ProviderError).code !== 'object-not-found') throw error;
  }
}
