import type * as Calendar from 'googleapis/build/src/apis/calendar';
import { ProviderError } from '../../provider-error';
import { Refusal } from './bounded-fetch';
import { badAnswer } from './failures';

/**
 * Google's client, of which only the calendar is loaded (0.1 s instead of 1 s), and that with the first call: a worker
 * starts without it.
 */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded with the first call
export const google = () => require('googleapis/build/src/apis/calendar') as typeof Calendar;

/** The least that puts entries on calendars. */
export const SCOPE = 'https://www.googleapis.com/auth/calendar.events';

/** For clients that sign in: our fetch, no retries (the library would repeat POSTs to the token service). */
export const transport = (fetchImplementation: typeof fetch) => ({
  fetchImplementation,
  retryConfig: { shouldRetry: () => false },
});

/**
 * Runs a call of the library. Its errors hold the request, so they end here.
 * @throws Refusal, or ProviderError; what is our own mistake as it is
 */
export async function unwrapped<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Refusal || error instanceof ProviderError) throw error;
    const { cause, config } = error as { cause?: unknown; config?: unknown };
    if (cause instanceof Refusal || cause instanceof ProviderError) throw cause;
    throw config === undefined ? error : badAnswer();
  }
}
