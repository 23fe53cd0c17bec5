import type { Call, Claim, Deps, Reply, Route } from '../route';
import { claimKey, HeldKey, RENEW_MS } from './claim';
import { idempotencyKey } from './key';

/** Of a request without a key. */
const NO_KEY: Claim = { answer: null, match: () => undefined, keep: () => Promise.resolve() };

/**
 * Runs `work` once for each key of a caller; the claim tells it of an earlier answer. While it runs, the key is its own;
 * when it fails, the key is free again.
 * @throws AppError as `idempotencyKey` and `claimKey` do, before the body is read
 */
export async function once(
  route: Route,
  { deps, caller, koa, params }: Pick<Call<object, object, never>, 'deps' | 'caller' | 'koa' | 'params'>,
  work: (claim: Claim) => Promise<Reply>,
): Promise<Reply> {
  const key = route.idempotent ? idempotencyKey(koa) : null;
  if (key === null) return work(NO_KEY);
  const path = `${route.method} ${filledIn(route.path, params)}`;
  const claim = await claimKey(deps.db, { userId: caller.id, key, route: path });
  return claim instanceof HeldKey ? holding(claim, deps, work) : work(claim);
}

async function holding(held: HeldKey, { log }: Deps, work: (claim: Claim) => Promise<Reply>): Promise<Reply> {
  const warn = (message: string) => (err: unknown) => log.warn({ err }, message);
  const renewing = setInterval(() => {
    held.renew().catch(warn('the lease of an idempotency key was not renewed'));
  }, RENEW_MS);
  try {
    return await work(held);
  } catch (error) {
    await held.release().catch(warn('an idempotency key stays taken until its lease is over'));
    throw error;
  } finally {
    clearInterval(renewing);
  }
}

const filledIn = (path: string, params: object): string =>
  Object.entries(params).reduce((filled, [name, value]) => filled.replace(`:${name}`, String(value)), path);
