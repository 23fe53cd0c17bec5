import { setTimeout as pause } from 'node:timers/promises';

/** 0.1 s, twice as long each time: 13 s in all, well within an attempt of an activity. */
const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 6_400;

/**
 * Runs what may be run twice, again while it fails: for what is known here and nowhere else, such as the outcome of a
 * call, when Postgres is away for some seconds or the answer to a commit was lost. Throws what it threw when that lasts.
 * @param onFailure - hears of each time that it is tried again
 */
export async function insist<Result>(
  work: () => PromiseLike<Result>,
  onFailure: (error: unknown) => void = () => undefined,
): Promise<Result> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2) {
    try {
      return await work();
    } catch (error) {
      if (pauseMs > LAST_PAUSE_MS) throw error;
      onFailure(error);
      await pause(pauseMs);
    }
  }
}
