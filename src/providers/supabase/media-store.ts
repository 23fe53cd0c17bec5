/** Recordings in a private bucket of Supabase Storage. */
import { addAbortSignal, Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { SupabaseSettings } from '../../config/storage';
import type { MediaStore, StoredObject } from '../../ports';
import type { ProviderError } from '../../provider-error';
import { Deadline, DEADLINES, transferMs } from '../storage/deadline';
import { checkKey } from '../storage/key';
import { Measure } from '../storage/measure';
import { isAsked, WholeBody } from '../storage/reading';
import { supabaseFailure } from './failures';
import { call, storageOf, type CallOptions } from './files';

/** How often it is looked whether the server still takes the bytes. */
const LOOK_MS = 1_000;

export class SupabaseMediaStore implements MediaStore {
  readonly provider = 'supabase';
  private readonly storage;
  private readonly bucket: string;

  constructor(
    settings: SupabaseSettings,
    private readonly deadlines = DEADLINES,
  ) {
    this.storage = storageOf(settings);
    this.bucket = settings.bucket;
  }

  async put(
    key: string,
    body: Readable,
    { contentType, signal }: { contentType: string; signal?: AbortSignal },
  ): Promise<StoredObject> {
    checkKey(key);
    const measure = new Measure();
    try {
      const flow = measure.of(body);
      if (signal) addAbortSignal(signal, body);
      await this.upload(key, flow, { contentType, measure, signal });
      if ((await this.size(key)) !== measure.bytes) {
        throw supabaseFailure('storage-corrupt', { said: 'wrong length' });
      }
      return measure.result();
    } catch (error) {
      body.destroy();
      // Should this fail as well, the sweep of expired uploads does it later.
      await this.delete(key).catch(() => undefined);
      throw body.errored ?? error;
    }
  }

  async get(key: string, range?: { start: number; end?: number }): Promise<Readable> {
    const { stream, deadline, response } = await this.open(key, range);
    const length = response.headers.get('content-length');
    if (length === null || !isAsked(response.headers.get('content-range'), range)) {
      deadline.clear();
      stream.destroy();
      throw supabaseFailure('storage-bad-answer');
    }
    deadline.moveTo(this.deadlines.callMs + transferMs(Number(length)));
    return new WholeBody(stream, { expectedBytes: Number(length), deadline, failure: supabaseFailure });
  }

  /** Asks where the bytes come from, not the table of objects: what it says is what a reader gets. */
  async size(key: string): Promise<number | null> {
    try {
      const { stream, deadline, response } = await this.open(key, { start: 0, end: 0 });
      deadline.clear();
      stream.destroy();
      const { headers } = response;
      const total = headers.get('content-range')?.split('/')[1] ?? headers.get('content-length') ?? '';
      if (!/^\d+$/.test(total)) throw supabaseFailure('storage-bad-answer');
      return Number(total);
    } catch (error) {
      return sizeWithoutBytes(error as ProviderError);
    }
  }

  async delete(key: string): Promise<void> {
    checkKey(key);
    await this.call(() => this.files().remove([key]));
  }

  async signedUrl(key: string, options: { ttlSeconds: number; downloadName: string }): Promise<string> {
    checkKey(key);
    const sign = () => this.files().createSignedUrl(key, options.ttlSeconds);
    const { data } = await this.call<{ signedUrl: string }>(sign);
    // Given to storage-js, the name would be escaped twice: "R%2526D" for "R&D".
    const url = new URL(data.signedUrl);
    url.searchParams.set('download', options.downloadName);
    return url.href;
  }

  async check(): Promise<void> {
    const { data } = await this.call(() => this.storage.getBucket(this.bucket), this.deadlines.checkMs);
    if (typeof (data as { id?: unknown } | null)?.id !== 'string')
      throw supabaseFailure('storage-bad-answer');
  }

  private files() {
    return this.storage.from(this.bucket);
  }

  /** A call that carries no recording and may be repeated without harm. */
  private async call<T>(operation: Parameters<typeof call<T>>[0], deadlineMs = this.deadlines.callMs) {
    const deadline = new Deadline(deadlineMs);
    try {
      return await call<T>(operation, { deadline, repeatable: true });
    } finally {
      deadline.clear();
    }
  }

  /** The length is not known and storage-js has no parts: one request, for as long as the source takes. */
  private async upload(
    key: string,
    body: Readable,
    {
      contentType,
      measure,
      signal,
    }: { contentType: string; measure: Measure; signal: AbortSignal | undefined },
  ): Promise<void> {
    const deadline = new Deadline(null);
    const mayTakeMs = () => this.deadlines.bytesMs + transferMs(measure.bytes);
    const look = () => measure.readerMs > mayTakeMs() && deadline.moveTo(0);
    const watch = setInterval(look, Math.min(LOOK_MS, this.deadlines.bytesMs / 4));
    try {
      await call(() => this.files().upload(key, body, { contentType, duplex: 'half' }), { deadline, signal });
    } finally {
      clearInterval(watch);
      deadline.clear();
    }
  }

  private async open(key: string, range?: { start: number; end?: number }) {
    checkKey(key);
    const deadline = new Deadline(this.deadlines.callMs);
    const headers = range && { range: `bytes=${range.start}-${range.end ?? ''}` };
    const options: CallOptions = {
      deadline,
      repeatable: true,
      isDownload: true,
      ...(headers && { headers }),
    };
    try {
      const { data, response } = await call(() => this.files().download(key).asStream(), options);
      const stream = data === null ? Readable.from([]) : Readable.fromWeb(data as ReadableStream);
      return { stream, deadline, response: response as Response };
    } catch (error) {
      deadline.clear();
      throw error;
    }
  }
}

/** An object without bytes has no first byte. */
function sizeWithoutBytes(error: ProviderError): 0 | null {
  if (error.code === 'object-not-found') return null;
  if (error.code === 'range-not-satisfiable') return 0;
  throw error;
}
