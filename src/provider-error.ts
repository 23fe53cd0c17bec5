/**
 * What went wrong outside, in our own words. Carries no response body, header or address, so it may be logged and
 * may enter workflow history.
 */
export class ProviderError extends Error {
  /** Stable, kebab-case; becomes the failure's code. */
  readonly code: string;
  readonly retryable: boolean;
  /** Wait exactly this long before the next try. */
  readonly retryAfterMs: number | null;
  /** `unknown` = the effect may have happened (the request was written, no answer came). */
  readonly outcome: 'rejected' | 'unknown';
  /** Of a model's answers before the failure, which are paid for; null = there were none. */
  tokens: { input: number; output: number } | null = null;

  /** `message` tells an operator what to do; at most 200 characters are kept. */
  constructor(
    code: string,
    message: string,
    options: { retryable: boolean; retryAfterMs?: number; outcome?: 'rejected' | 'unknown'; cause?: unknown },
  ) {
    super(message.slice(0, 200), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ProviderError';
    this.code = code;
    this.retryable = options.retryable;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.outcome = options.outcome ?? 'rejected';
  }
}
