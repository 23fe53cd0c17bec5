import { signalTaskChanged } from '../src/temporal/runs';
import type { Deps } from './route';

/** A request does not wait longer for a Temporal that is away; what was committed is found by the catch-up loop. */
const TIMEOUT_MS = 2_000;

/** Tells Temporal of something that is committed. True = it knows. An outage is logged and is not the caller's problem. */
export async function tellTemporal(
  { temporal, log }: Pick<Deps, 'temporal' | 'log'>,
  tell: () => Promise<void>,
  subject: Record<string, string>,
): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
  });
  const told = temporal.withDeadline(Date.now() + TIMEOUT_MS, tell);
  try {
    await Promise.race([told, late]);
    return true;
  } catch (error) {
    told.catch(() => undefined); // settles after the race, with the same trouble
    log.warn({ err: error, ...subject }, 'Temporal was not told; the catch-up loop tries again');
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/** Call it after the commit of any change of a task. */
export const tellTaskChanged = (deps: Pick<Deps, 'temporal' | 'log'>, taskId: string): Promise<boolean> =>
  tellTemporal(deps, () => signalTaskChanged(deps.temporal, taskId), { taskId });
