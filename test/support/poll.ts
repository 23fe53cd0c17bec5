import { setTimeout as pause } from 'node:timers/promises';

/**
 * Calls `fn` until it neither throws nor returns false, and returns its value; the way a test waits for something. After the
 * deadline (10 s unless told) the last error is thrown.
 */
export async function eventually<T>(
  fn: () => T | Promise<T>,
  { deadlineMs = 10_000, intervalMs = 25 } = {},
): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    try {
      const value = await fn();
      if (value !== false) return value;
      if (performance.now() > end) throw new Error(`Still false after ${deadlineMs} ms: ${fn}`);
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    await pause(intervalMs);
  }
}
