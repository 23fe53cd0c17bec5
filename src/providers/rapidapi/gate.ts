import { setTimeout as pause } from 'node:timers/promises';
import { ProviderError } from '../../provider-error';

/** Lets so many calls through at once and a second, and none while the service has asked for patience. */
export class Gate {
  private inside = 0;
  private readonly waiting: (() => void)[] = [];
  private nextStartMs = 0;
  private shutUntilMs = 0;

  constructor(private readonly limits: { concurrency: number; perSecond?: number }) {}

  /** Waits for its turn, then calls. Throws ProviderError `rate-limited` without calling while a told wait lasts. */
  async pass<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> {
    while (this.inside >= this.limits.concurrency) await new Promise<void>((go) => this.waiting.push(go));
    this.inside++;
    try {
      await this.untilNextStart(signal);
      this.refuseWhileShut();
      return await call();
    } catch (error) {
      this.shutWhenTold(error);
      throw error;
    } finally {
      this.inside--;
      this.waiting.shift()?.();
    }
  }

  private async untilNextStart(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { perSecond } = this.limits;
    if (perSecond === undefined) return;
    const startMs = Math.max(performance.now(), this.nextStartMs);
    this.nextStartMs = startMs + 1000 / perSecond;
    await pause(Math.ceil(startMs - performance.now()), undefined, { signal });
  }

  private refuseWhileShut(): void {
    const leftMs = Math.ceil(this.shutUntilMs - performance.now());
    if (leftMs <= 0) return;
    throw new ProviderError('rate-limited', 'RapidAPI has asked for a pause; goes on after it.', {
      retryable: true,
      retryAfterMs: leftMs,
    });
  }

  private shutWhenTold(error: unknown): void {
    if (!(error instanceof ProviderError) || error.retryAfterMs === null) return;
    this.shutUntilMs = Math.max(this.shutUntilMs, performance.now() + error.retryAfterMs);
  }
}
