/** The issuer's public keys: fetched, kept, and fetched again when they rotate. */
import { createLocalJWKSet, createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import { AppError } from '../errors';
import { keysAddress, type KeyPlace } from './discovery';

/** After that, the next token has them fetched again. */
const MAX_AGE_MS = 10 * 60_000;
/** At most one fetch in that time, be it for tokens with unknown keys or because the last one failed. */
const COOLDOWN_MS = 30_000;
const TIMEOUT_MS = 5_000;
/** Without the issuer nobody gets a new token, and the usual ones live an hour: so long its last known keys count. */
const MAX_STALE_MS = 60 * 60_000;

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * Finds the key that a token names. Nothing is fetched before the first token.
 * @throws AppError `service-unavailable` while the issuer is away and its keys are not known; jose's
 * `JWKSNoMatchingKey` when it has no such key.
 */
export function issuerKeys(place: KeyPlace): JWTVerifyGetKey {
  let loadedAt = -Infinity;
  const load: Fetch = async (_url, init) => {
    const answer = await fetchKeys(place, init);
    loadedAt = performance.now();
    return answer;
  };
  // The address is found in `load`: jose wants one beforehand.
  const remote = createRemoteJWKSet(new URL(place.jwksUrl ?? place.issuer), {
    cacheMaxAge: MAX_AGE_MS,
    cooldownDuration: COOLDOWN_MS,
    timeoutDuration: TIMEOUT_MS,
    [customFetch]: restingAfterFailure(load),
  });
  return async (header, token) => {
    try {
      return await remote(header, token);
    } catch (error) {
      const known = remote.jwks();
      if (!(error instanceof AppError) || !known || performance.now() - loadedAt > MAX_STALE_MS) throw error;
      return createLocalJWKSet(known)(header, token).catch(() => {
        throw error;
      });
    }
  };
}

async function fetchKeys(place: KeyPlace, init: RequestInit): Promise<Response> {
  const address = await keysAddress(place, init);
  const response = await fetch(address, init);
  if (response.status !== 200) throw new Error(`${address} answered ${response.status}`);
  const keys = (await response.json()) as Parameters<typeof createLocalJWKSet>[0];
  createLocalJWKSet(keys); // throws when these are no keys
  return Response.json(keys);
}

/** jose would try again for every request, each waiting for the time limit. */
function restingAfterFailure(load: Fetch): Fetch {
  let last: { at: number; cause: unknown } | null = null;
  return async (url, init) => {
    const restMs = last ? last.at + COOLDOWN_MS - performance.now() : 0;
    if (last && restMs > 0) throw keysAway(restMs, last.cause);
    try {
      return await load(url, init);
    } catch (cause) {
      last = { at: performance.now(), cause };
      throw keysAway(COOLDOWN_MS, cause);
    }
  };
}

function keysAway(restMs: number, cause: unknown): AppError {
  const detail = 'The issuer of the tokens is away for the moment: they can not be checked.';
  const headers = { 'Retry-After': String(Math.ceil(restMs / 1000)) };
  return Object.assign(new AppError('service-unavailable', detail, [], headers), { cause });
}
