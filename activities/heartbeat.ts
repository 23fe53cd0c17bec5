import { Context } from '@temporalio/activity';

/** A third of the heartbeat timeout of 30 s: two may be lost. */
const INTERVAL_MS = 10_000;

/** What succeeds sooner tells the server nothing: it would write that down. */
const FIRST_MS = 1_000;

/**
 * Runs `work` and tells the server after a second, and then every ten, that it goes on and where it is: an operator reads
 * it under pending activities. The work's own deadlines end it when it hangs. The signal aborts when the activity is cancelled.
 */
export async function withHeartbeat<Where extends object, T>(
  where: Where,
  work: (where: Where, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const context = Context.current();
  const beat = () => context.heartbeat(where);
  let timer = setTimeout(() => {
    beat();
    timer = setInterval(beat, INTERVAL_MS);
  }, FIRST_MS);
  try {
    return await work(where, context.cancellationSignal);
  } catch (error) {
    if (context.cancellationSignal.aborted) await context.cancelled;
    // Goes to the server with the failure: where it was stands beside what went wrong.
    beat();
    throw error;
  } finally {
    clearInterval(timer);
  }
}
