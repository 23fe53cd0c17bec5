/** What `/readyz` says. */
import { missingSearchAttributes } from '../src/temporal/register-search-attributes';
import type { Deps } from './route';

export interface Check {
  status: 'ok' | 'down';
  /** What to do about it; no address, no secret. */
  detail: string | null;
}

export interface Readiness {
  status: 'ok' | 'degraded' | 'down';
  checks: Record<'postgres' | 'temporal' | 'searchAttributes' | 'mediaStore', Check>;
  facts: Record<string, string>;
}

/** Probes come every few seconds, from several places. */
const CACHED_MS = 5_000;
/** What takes longer is no help to a request either. */
const TIMEOUT_MS = 1_000;

const cache = new WeakMap<Deps, { until: number; answer: Promise<Readiness> }>();

/** At most one round of checks in 5 s per process. */
export function readiness(deps: Deps): Promise<Readiness> {
  const known = cache.get(deps);
  if (known && performance.now() < known.until) return known.answer;
  const answer = askAll(deps);
  cache.set(deps, { until: performance.now() + CACHED_MS, answer });
  return answer;
}

async function askAll(deps: Deps): Promise<Readiness> {
  const { db, temporal, mediaStore, config } = deps;
  const [postgres, attributes, media] = await Promise.all([
    attempt(() => db.raw('select 1')),
    attempt(() => missingSearchAttributes(temporal)),
    attempt(() => mediaStore.check()),
  ]);
  const checks = {
    postgres: check(postgres.ok, 'Postgres does not answer'),
    temporal: check(attributes.ok, 'Temporal does not answer: uploads are taken and start when it is back'),
    searchAttributes: searchAttributes(attributes.ok ? attributes.value : null),
    mediaStore: check(media.ok, 'the media store can not be used'),
  };
  const { storage, speech, extraction, mail, calendar } = config;
  const providers = Object.entries({ storage, speech, extraction, mail, calendar });
  return {
    status: overall(checks),
    checks,
    facts: {
      ...Object.fromEntries(providers.map(([port, { provider }]) => [port, provider])),
      ...deps.facts,
    },
  };
}

function overall({ postgres, mediaStore, ...rest }: Readiness['checks']): Readiness['status'] {
  if (postgres.status === 'down' || mediaStore.status === 'down') return 'down';
  return Object.values(rest).every(({ status }) => status === 'ok') ? 'ok' : 'degraded';
}

const check = (ok: boolean, problem: string): Check =>
  ok ? { status: 'ok', detail: null } : { status: 'down', detail: problem };

function searchAttributes(missing: string[] | null): Check {
  if (missing === null) return check(false, 'unknown while Temporal is away');
  return check(missing.length === 0, `run the migrate step: ${missing.join(', ')} not registered`);
}

type Outcome<T> = { ok: true; value: T } | { ok: false };

async function attempt<T>(ask: () => Promise<T>): Promise<Outcome<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Outcome<T>>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false }), TIMEOUT_MS);
  });
  const asked = ask().then(
    (value): Outcome<T> => ({ ok: true, value }),
    (): Outcome<T> => ({ ok: false }),
  );
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}
