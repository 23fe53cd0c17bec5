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
import { Deadline, DEADLINES, transferMs } from '../storage/deadline';
import { checkKey } from '../storage/key';
import { Measure } from '../storage/measure';
import { isAsked, WholeBody } from '../storage/reading';
import { call, type Service } from './call';
import { s3Client } from './client';
import { asS3Failure, s3Failure } from './failures';
import { abortUnfinished } from './unfinished';
import { uploadInParts } from './upload';

export class S3MediaStore implements MediaStore {
  readonly provider = 's3';
  private readonly service: Service;
  private readonly bucket: string;

  constructor(settings: S3Settings, deadlines = DEADLINES) {
    this.service = { s3: s3Client(settings), deadlines };
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
      await uploadInParts(this.service, target, { body, measure, signal });
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
    const { s3, deadlines } = this.service;
    const deadline = new Deadline(deadlines.callMs);
    try {
      const command = new GetObjectCommand({ ...this.at(key), ...(Range && { Range }) });
      const answer = await s3.send(command, { abortSignal: deadline.signal });
      const body = answer.Body as Readable;
      const expectedBytes = answer.ContentLength;
      if (expectedBytes === undefined || !isAsked(answer.ContentRange, range)) {
        body.destroy();
        throw s3Failure('storage-bad-answer');
      }
      deadline.moveTo(deadlines.callMs + transferMs(expectedBytes));
      return new WholeBody(body, { expectedBytes, deadline, failure: s3Failure });
    } catch (error) {
      deadline.clear();
      if (error instanceof ProviderError) throw error;
      throw deadline.expired ? s3Failure('storage-timeout') : asS3Failure(error);
    }
  }

  async size(key: string): Promise<number | null> {
    const { s3, deadlines } = this.service;
    const command = new HeadObjectCommand(this.at(key));
    try {
      const { ContentLength } = await call((options) => s3.send(command, options), {
        deadlineMs: deadlines.callMs,
      });
      if (ContentLength === undefined) throw s3Failure('storage-bad-answer');
      return ContentLength;
    } catch (error) {
      if ((error as ProviderError).code === 'object-not-found') return null;
      throw error;
    }
  }

  async delete(key: string): Promise<void> {
    const { s3, deadlines } = this.service;
    const at = this.at(key);
    await abortUnfinished(this.service, at);
    const command = new DeleteObjectCommand(at);
    try {
      await call((options) => s3.send(command, options), { deadlineMs: deadlines.callMs });
    } catch (error) {
      if ((error as ProviderError).code !== 'object-not-found') throw error;
    }
  }

  signedUrl(key: string, options: { ttlSeconds: number; downloadName: string }): Promise<string> {
    const { s3, deadlines } = this.service;
    const command = new GetObjectCommand({
      ...this.at(key),
      ResponseContentDisposition: attachment(options.downloadName),
    });
    return call(() => getSignedUrl(s3, command, { expiresIn: options.ttlSeconds }), {
      deadlineMs: deadlines.callMs,
    });
  }

  async check(): Promise<void> {
    const { s3, deadlines } = this.service;
    const command = new HeadBucketCommand({ Bucket: this.bucket });
    try {
      await call((options) => s3.send(command, options), { deadlineMs: deadlines.checkMs });
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
