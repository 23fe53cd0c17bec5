/** Services that answer with a job first, and with what they heard when they are asked again. */
import { setTimeout as pause } from 'node:timers/promises';
import { ProviderError } from '../../provider-error';
import { serviceFailed, tooSlow } from './failures';
import { firstAt } from './pointer';
import type { PollProfile } from './profile';

/** Asks until the job is done. Asking costs nothing, so a question that fails is asked again. */
export async function resultOf(
  submitted: unknown,
  poll: PollProfile,
  get: (path: string) => Promise<unknown>,
  signal: AbortSignal,
): Promise<unknown> {
  const jobId = firstAt(submitted, poll.jobId);
  // Some answer short recordings at once.
  if (typeof jobId !== 'string' && typeof jobId !== 'number') return submitted;
  const of = (path: string) => path.replace('{jobId}', encodeURIComponent(jobId));
  const endMs = performance.now() + poll.maxMs;
  while (performance.now() < endMs) {
    await pause(poll.intervalMs, undefined, { signal });
    const answer = await asked(() => get(of(poll.statusPath)));
    const state = stateIn(answer, poll);
    if (isOneOf(state, poll.failed)) throw serviceFailed();
    if (isOneOf(state, poll.done)) return poll.resultPath ? get(of(poll.resultPath)) : answer;
  }
  throw tooSlow();
}

/** Some say `true` for done. */
function stateIn(answer: unknown, poll: PollProfile): string {
  const said = firstAt(answer, poll.status);
  return typeof said === 'string' || typeof said === 'boolean' ? String(said).toLowerCase() : '';
}

const isOneOf = (state: string, names: string[]) => names.some((name) => name.toLowerCase() === state);

async function asked(ask: () => Promise<unknown>): Promise<unknown> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ProviderError && error.retryable) return null;
    throw error;
  }
}
