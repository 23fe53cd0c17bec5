import { signalTaskChanged } from '../src/temporal/runs';
import { askTemporal } from './ask-temporal';
import type { Deps } from './route';

/**
 * Tells Temporal of something that is committed. True = it knows. An outage is logged and is not the caller's problem.
 * @param note - writes down that it was told; when that fails, the catch-up loop tells it once more
 */
export async function tellTemporal(
  { temporal, log }: Pick<Deps, 'temporal' | 'log'>,
  tell: () => Promise<void>,
  subject: Record<string, string>,
  note: () => PromiseLike<unknown> = () => Promise.resolve(),
): Promise<boolean> {
  try {
    await askTemporal(temporal, tell);
  } catch (error) {
    log.warn({ err: error, ...subject }, 'Temporal was not told; the catch-up loop tries again');
    return false;
  }
  try {
    await note();
  } catch (error) {
    log.warn({ err: error, ...subject }, 'that Temporal was told was not written down');
  }
  return true;
}

/** Call it after the commit of any change of a task. */
export const tellTaskChanged = (deps: Pick<Deps, 'temporal' | 'log'>, taskId: string): Promise<boolean> =>
  tellTemporal(deps, () => signalTaskChanged(deps.temporal, taskId), { taskId });
