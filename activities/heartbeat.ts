import { Context } from '@temporalio/activity';

/** A third of the heartbeat timeout of 30 s: two may be lost. */
const INTERVAL_MS = 10_000;

/**
 * Runs `work` and tells the server every ten seconds that it goes on, and where it is: an operator reads it under
 * pending activities. The work's own deadlines end it when it hangs. The signal aborts when the activity is cancelled.
 */
export async function withHeartbeat<Where extends object, T>(
  where: Where,
  work: (where: Where, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const context = Context.current();
  context.heartbeat(where);
  const timer = setInterval(() => context.heartbeat(where), INTERVAL_MS);
  try {
    return await work(where, context.cancellationSignal);
  } catch (error) {
    if (context.cancellationSignal.aborted) await context.cancelled;
    // Goes to the server with the failure: where it was stands beside what went wrong.
    context.heartbeat(where);
    throw error;
  } finally {
    clearInterval(timer);
  }
}
