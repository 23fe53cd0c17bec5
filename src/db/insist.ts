import { setTimeout as pause } from 'node:timers/promises';
import { isServiceAway } from './service-away';

/** 0.1 s, twice as long each time: 13 s in all, well within an attempt of an activity. */
const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 6_400;

/**
 * Runs what may be run twice, and again while Postgres is away: for what is known here and nowhere else, such as the
 * outcome of a call. A commit whose answer was lost counts as away. Throws what it threw when that lasts, or is another
 * error.
 * @param onAway - hears of each time that it is tried again
 */
export async function insist<Result>(
  work: () => PromiseLike<Result>,
  onAway: (error: unknown) => void = () => undefined,
): Promise<Result> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2) {
    try {
      return await work();
    } catch (error) {
      if (pauseMs > LAST_PAUSE_MS || !isServiceAway(error)) throw error;
      onAway(error);
      await pause(pauseMs);
    }
  }
}
