import { finished, Transform, type Readable, type TransformCallback } from 'node:stream';
import type { Deadline } from './deadline';
import type { MakeFailure } from './failures';

/** True when `Content-Range` is of the range that was asked for: some servers send everything instead. */
export const isAsked = (contentRange: string | null | undefined, range?: { start: number }): boolean =>
  !range || (contentRange?.startsWith(`bytes ${range.start}-`) ?? false);

interface Terms {
  expectedBytes: number;
  deadline: Deadline;
  failure: MakeFailure;
}

/**
 * The bytes of `source`, all that were announced: a cut, a wrong length or a passed deadline is a ProviderError
 * `storage-corrupt` or `storage-timeout` and never a short file.
 */
export class WholeBody extends Transform {
  private bytes = 0;

  constructor(
    source: Readable,
    private readonly terms: Terms,
  ) {
    super();
    const { deadline, failure } = terms;
    finished(source, { writable: false }, (error) => {
      if (!error) return;
      this.destroy(
        deadline.expired ? failure('storage-timeout') : failure('storage-corrupt', { said: 'cut off' }),
      );
    });
    this.once('close', () => {
      deadline.clear();
      source.destroy();
    });
    source.pipe(this);
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.bytes += chunk.length;
    done(null, chunk);
  }

  override _flush(done: TransformCallback): void {
    const { expectedBytes, failure } = this.terms;
    done(this.bytes === expectedBytes ? null : failure('storage-corrupt', { said: 'wrong length' }));
  }
}
