/** What the loop leaves alone for a while, so that others have their turn. Of this process; forgotten with it. */

const FIRST_MS = 10_000;
const LONGEST_MS = 600_000;

export class Resting {
  private readonly rows = new Map<string, { untilMs: number; failures: number }>();

  /** `nowMs` is a clock that never goes back. */
  constructor(private readonly nowMs = () => performance.now()) {}

  /** How many there are, those that may be tried again included. */
  get size(): number {
    return this.rows.size;
  }

  has(key: string): boolean {
    const row = this.rows.get(key);
    return row !== undefined && this.nowMs() < row.untilMs;
  }

  /** For so long there is nothing to do for it. */
  leave(key: string, ms: number): void {
    this.rows.set(key, { untilMs: this.nowMs() + ms, failures: 0 });
  }

  /** It failed: 10 s; when that was its own fault, twice as long each time, 10 minutes at most. */
  failed(key: string, ownFault: boolean): void {
    const failures = (this.rows.get(key)?.failures ?? 0) + (ownFault ? 1 : 0);
    const ms = Math.min(FIRST_MS * 2 ** Math.max(0, failures - 1), LONGEST_MS);
    this.rows.set(key, { untilMs: this.nowMs() + ms, failures });
  }

  /** Call it now and then: rows that are done come no more. Failures are remembered for as long as the longest rest. */
  forgetOld(): void {
    for (const [key, { untilMs }] of this.rows)
      if (this.nowMs() > untilMs + LONGEST_MS) this.rows.delete(key);
  }

  forget(key: string): void {
    this.rows.delete(key);
  }
}
