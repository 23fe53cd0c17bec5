import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { StoredObject } from '../../ports';

/** Counts and hashes what flows through; an error of the source comes out unchanged. */
export class Measure {
  bytes = 0;
  private readonly hash = createHash('sha256');

  /** The same bytes as `source`. */
  of(source: Readable): Readable {
    return Readable.from(this.flow(source), { objectMode: false });
  }

  /** Once, when everything has flowed. */
  result(): StoredObject {
    return { bytes: this.bytes, sha256: this.hash.digest('hex') };
  }

  private async *flow(source: Readable): AsyncGenerator<Buffer> {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      this.hash.update(chunk);
      this.bytes += chunk.length;
      yield chunk;
    }
  }
}
