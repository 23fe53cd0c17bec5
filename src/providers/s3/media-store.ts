/** Recordings in Amazon S3 or a service that speaks its protocol. */
import { addAbortSignal, type Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import contentDisposition from 'content-disposition';
import type { S3Settings } from '../../config/storage';
import type { MediaStore, StoredObject } from '../../ports';
import { ProviderError } from '../../provider-error';
import { Deadline, transferMs } from '../storage/deadline';
import { checkKey } from '../storage/key';
import { Measure } from '../storage/measure';
import { WholeBody } from '../storage/reading';
import { call, CALL_MS } from './call';
import { s3Client } from './client';
import { asS3Failure, s3Failure } from './failures';
import { abortUnfinished } from './unfinished';
import { uploadInParts } from './upload';

/** `/readyz` has to answer while the store does not. */
const CHECK_MS = 5_000;

export class S3MediaStore implements MediaStore {
  readonly provider = 's3';
  private readonly s3;
  private readonly bucket: string;

  constructor(settings: S3Settings) {
    this.s3 = s3Client(settings);
    this.bucket = settings.bucket;
  }

  async put(
    key: string,
    body: Readable,
    { contentType, signal }: { contentType: string; signal?: AbortSignal },
  ): Promise<StoredObject> {
    const target = { ...this.at(key), ContentType: contentType };
    const measure = new Measure();
    try {
      if (signal) addAbortSignal(signal, body);
      await uploadInParts(this.s3, target, { body, measure, signal });
      if ((await this.size(key)) !== measure.bytes)
        throw s3Failure('storage-corrupt', { said: 'wrong length' });
      return measure.result();
    } catch (error) {
      body.destroy();
      // Should this fail as well, the sweep of expired uploads does it later.
      await this.delete(key).catch(() => undefined);
      throw body.errored ?? error;
    }
  }

  async get(key: string, range?: { start: number; end?: number }): Promise<Readable> {
    const Range = range && `bytes=${range.start}-${range.end ?? ''}`;
    const deadline = new Deadline(CALL_MS);
    try {
      const command = new GetObjectCommand({ ...this.at(key), ...(Range && { Range }) });
      const { Body, ContentLength, ContentRange } = await this.s3.send(command, {
        abortSignal: deadline.signal,
      });
      const isAsked = !range || ContentRange?.startsWith(`bytes ${range.start}-`);
      if (!Body || ContentLength === undefined || !isAsked) throw s3Failure('storage-bad-answer');
      deadline.moveTo(CALL_MS + transferMs(ContentLength));
      return new WholeBody(Body as Readable, { expectedBytes: ContentLength, deadline, failure: s3Failure });
    } catch (error) {
      deadline.clear();
      if (error instanceof ProviderError) throw error;
      throw deadline.expired ? s3Failure('storage-timeout') : asS3Failure(error);
    }
  }

  async size(key: string): Promise<number | null> {
    const command = new HeadObjectCommand(this.at(key));
    try {
      const { ContentLength } = await call((abortSignal) => this.s3.send(command, { abortSignal }));
      if (ContentLength === undefined) throw s3Failure('storage-bad-answer');
      return ContentLength;
    } catch (error) {
      if ((error as ProviderError).code === 'object-not-found') return null;
      throw error;
    }
  }

  async delete(key: string): Promise<void> {
    const at = this.at(key);
    await abortUnfinished(this.s3, at);
    const command = new DeleteObjectCommand(at);
    try {
      await call((abortSignal) => this.s3.send(command, { abortSignal }));
    } catch (error) {
      if ((error as ProviderError).code !== 'object-not-found') throw error;
    }
  }

  signedUrl(key: string, options: { ttlSeconds: number; downloadName: string }): Promise<string> {
    const command = new GetObjectCommand({
      ...this.at(key),
      ResponseContentDisposition: attachment(options.downloadName),
    });
    return call(() => getSignedUrl(this.s3, command, { expiresIn: options.ttlSeconds }));
  }

  async check(): Promise<void> {
    const command = new HeadBucketCommand({ Bucket: this.bucket });
    try {
      await call((abortSignal) => this.s3.send(command, { abortSignal }), { deadlineMs: CHECK_MS });
    } catch (error) {
      // The answer to HEAD has no body that would say what is not found.
      throw (error as ProviderError).code === 'object-not-found' ? s3Failure('bucket-missing') : error;
    }
  }

  private at(key: string) {
    checkKey(key);
    return { Bucket: this.bucket, Key: key };
  }
}

/** Headers are ASCII for S3; `filename*` carries the real name. */
const attachment = (name: string): string =>
  contentDisposition(name, { type: 'attachment', fallback: name.replace(/[^\x20-\x7e]/g, '_') });
