/** When a vendor wants to be asked again, read from its headers; in milliseconds, null = it did not say. */

/** Numbers above are moments (Unix seconds), below spans: nobody asks for a pause of 30 years. */
const EARLIEST_MOMENT_S = 1e9;
/** A moment that has just passed must not become a tight loop. */
const SHORTEST_MS = 1000;

const atLeast = (ms: number): number | null => (Number.isFinite(ms) ? Math.max(SHORTEST_MS, ms) : null);

/** `Retry-After`: seconds or an HTTP date (RFC 9110, 10.2.3). */
export function retryAfterMs(header: unknown): number | null {
  if (typeof header !== 'string' || header.trim() === '') return null;
  return /^\d+$/.test(header.trim())
    ? atLeast(Number(header) * 1000)
    : atLeast(Date.parse(header) - Date.now());
}

/** `X-RateLimit-Reset`: seconds, or Unix time in seconds. */
export function resetMs(header: unknown): number | null {
  if (typeof header !== 'string' || !/^\d+(\.\d+)?$/.test(header.trim())) return null;
  const seconds = Number(header);
  return atLeast(seconds * 1000 - (seconds > EARLIEST_MOMENT_S ? Date.now() : 0));
}
