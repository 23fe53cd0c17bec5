/** A total time for a call: it ends on a fixed clock, also when a byte drips in now and then. */
export class Deadline {
  private readonly controller = new AbortController();
  private readonly startedAt = performance.now();
  private timer: NodeJS.Timeout;

  constructor(ms: number) {
    this.timer = this.startTimer(ms);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get expired(): boolean {
    return this.controller.signal.aborted;
  }

  /** Moves the end to `ms` after the start. */
  moveTo(ms: number): void {
    clearTimeout(this.timer);
    this.timer = this.startTimer(ms - (performance.now() - this.startedAt));
  }

  clear(): void {
    clearTimeout(this.timer);
  }

  private startTimer(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.controller.abort(), ms);
  }
}

/** Slower than this and a recording of 1 GB takes over an hour: something is broken. */
const LEAST_BYTES_PER_SECOND = 256 * 1024;

/** How long bytes may take beyond the time that any answer may take. */
export const transferMs = (bytes: number): number => (bytes / LEAST_BYTES_PER_SECOND) * 1000;
