/** How long RapidAPI wants us to wait. https://docs.rapidapi.com/docs/response-headers */

/** What came with a refusal. `said` is searched for known phrases and kept nowhere. */
export interface Hints {
  headers: Headers;
  said: string;
}

const SHORTEST_MS = 1000;
/** "per second" comes without a time; 1.1 s is what helped those who met it. */
const WINDOW_MS: Record<string, number> = { second: 1100, minute: 60_000, hour: 3_600_000 };
/** A larger number of seconds is a moment since 1970, and a larger one than that counts milliseconds. */
const EPOCH_S = 1e9;
const EPOCH_MS = 1e12;

/** Milliseconds until the next call, as exactly as it was told; null = nothing was told. */
export function waitMs({ headers, said }: Hints): number | null {
  const quota = /\bquota\b/i.test(said) || headers.get('x-ratelimit-requests-remaining') === '0';
  const window = resetMs(headers, 'x-ratelimit-reset');
  const renewal = resetMs(headers, 'x-ratelimit-requests-reset');
  const told = quota ? (renewal ?? window) : (window ?? namedWindowMs(said) ?? renewal);
  return retryAfterMs(headers) ?? told;
}

function namedWindowMs(said: string): number | null {
  const [, name = ''] = /rate limit per (second|minute|hour)/i.exec(said) ?? [];
  return WINDOW_MS[name.toLowerCase()] ?? null;
}

/** Seconds, or a date. */
function retryAfterMs(headers: Headers): number | null {
  const value = headers.get('retry-after')?.trim();
  if (!value) return null;
  const ms = Number.isFinite(Number(value)) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(SHORTEST_MS, Math.round(ms)) : null;
}

function resetMs(headers: Headers, name: string): number | null {
  const value = Number(headers.get(name)?.trim() || Number.NaN);
  if (!Number.isFinite(value)) return null;
  const ms =
    value > EPOCH_MS ? value - Date.now() : value > EPOCH_S ? value * 1000 - Date.now() : value * 1000;
  return Math.max(SHORTEST_MS, Math.round(ms));
}
