/** How long stores may take. Whoever hands bytes in or takes them slowly is not counted. */
export interface Deadlines {
  /** For a call that carries no recording. */
  callMs: number;
  /** `/readyz` has to answer while the store does not. */
  checkMs: number;
  /** For the answer to bytes that were sent; 8 MiB take so long at 70 KB/s. */
  bytesMs: number;
}

export const DEADLINES: Deadlines = { callMs: 15_000, checkMs: 5_000, bytesMs: 120_000 };

/** A total time for a call: it ends on a fixed clock, also when a byte drips in now and then. */
export class Deadline {
  private readonly controller = new AbortController();
  private readonly startedAt = performance.now();
  private timer: NodeJS.Timeout | undefined;

  /** null = no end until it is moved. */
  constructor(ms: number | null) {
    if (ms !== null) this.timer = this.startTimer(ms);
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
