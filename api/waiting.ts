/** `Prefer: wait=N` (RFC 7240): the client would rather wait than ask again. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from 'koa';
import type { Deps } from './route';

/** Longer waits count as this: proxies cut at 60 s. */
const MAX_WAIT_S = 60;
/** Work takes seconds; a look costs a millisecond. */
const LOOK_EVERY_MS = 200;

/** Milliseconds that the client is ready to wait; 0 = none were asked for, or nonsense. */
export function preferredWaitMs(ctx: Context): number {
  const seconds = /(?:^|[,;])\s*wait\s*=\s*"?(\d+)"?\s*(?:$|[,;])/i.exec(ctx.get('Prefer'))?.[1];
  return Math.min(Number(seconds ?? 0), MAX_WAIT_S) * 1000;
}

/**
 * Looks until it is done; false when the time is over, the client has gone or the process stops. Holds no database
 * connection while it waits.
 */
export async function waitUntil(done: () => Promise<boolean>, ctx: Context, deps: Deps): Promise<boolean> {
  const end = performance.now() + preferredWaitMs(ctx);
  while (performance.now() < end && !ctx.res.closed && !deps.stopping?.aborted) {
    if (await done()) return true;
    await pause(LOOK_EVERY_MS);
  }
  return false;
}
