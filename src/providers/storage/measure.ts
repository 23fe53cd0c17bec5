import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { StoredObject } from '../../ports';

/** Counts and hashes what flows through; an error of the source comes out unchanged. */
export class Measure {
  bytes = 0;
  private readonly hash = createHash('sha256');
  private heldMs = 0;
  private heldSince: number | null = performance.now();

  /** The same bytes as `source`. */
  of(source: Readable): Readable {
    const flow = Readable.from(this.flow(source), { objectMode: false });
    // A reader gets the error by reading; when nobody reads yet or any more, it would end the process.
    for (const stream of [source, flow]) stream.on('error', () => undefined);
    return flow;
  }

  /** For how long the next step was with the reader, in all: the time that a slow source takes is not in it. */
  get readerMs(): number {
    return this.heldMs + (this.heldSince === null ? 0 : performance.now() - this.heldSince);
  }

  /** Once, when everything has flowed. */
  result(): StoredObject {
    return { bytes: this.bytes, sha256: this.hash.digest('hex') };
  }

  private async *flow(source: Readable): AsyncGenerator<Buffer> {
    this.resume();
    for await (const chunk of source as AsyncIterable<Buffer>) {
      this.hash.update(chunk);
      this.bytes += chunk.length;
      this.heldSince = performance.now();
      yield chunk;
      this.resume();
    }
    this.heldSince = performance.now();
  }

  private resume(): void {
    this.heldMs = this.readerMs;
    this.heldSince = null;
  }
}
