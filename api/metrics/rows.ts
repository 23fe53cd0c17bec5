/** Gauges of what is in Postgres, the same whichever api is asked. */
import type { Knex } from 'knex';
import { Gauge, type Registry } from 'prom-client';
import { readFacts, type Fact } from './facts';

const GAUGES: Record<string, { help: string; label: string }> = {
  meetings: { help: 'Meetings by status', label: 'status' },
  requests_open: { help: 'What was asked of meetings and is not done', label: 'state' },
  deliveries: { help: 'Mails and calendar entries by state', label: 'state' },
  lagging: {
    help: 'Rows that Temporal was not told of (meetings, requests), or that the world does not match (tasks)',
    label: 'kind',
  },
  lagging_oldest_seconds: { help: 'Age of the oldest of those', label: 'kind' },
  janitor_done_total: { help: 'What the janitor has tidied up since ever', label: 'kind' },
  janitor_last_run_timestamp_seconds: { help: 'When the janitor last looked', label: 'kind' },
};

/** Scrapes come from several places, every few seconds. */
const CACHED_MS = 10_000;
/** A scrape does not wait longer for Postgres, whatever that does. */
const WAIT_MS = 800;

/** Registers the gauges; the returned function brings them up to date, within a second, and never rejects. */
export function watchRows(registry: Registry, db: Knex): () => Promise<void> {
  const registers = [registry];
  const up = new Gauge({
    name: 'meeting_pipeline_postgres_up',
    help: '1 = the rows could be read for this scrape; 0 = the metrics that come from them are left out',
    registers,
  });
  const gauges = new Map(
    Object.entries(GAUGES).map(([name, { help, label }]) => [
      name,
      new Gauge({ name: `meeting_pipeline_${name}`, help, labelNames: [label], registers }),
    ]),
  );
  const facts = cached(() => readFacts(db));
  return async () => {
    const known = await Promise.race([facts(), nothingAfter(WAIT_MS)]);
    up.set(known ? 1 : 0);
    for (const gauge of gauges.values()) gauge.reset();
    for (const { metric, label, value } of known ?? []) {
      gauges.get(metric)?.set({ [GAUGES[metric]!.label]: label }, Number(value));
    }
  };
}

/** One question at a time, at most one in 10 s; null = it failed, which is asked again with the next scrape. */
function cached(ask: () => Promise<Fact[]>): () => Promise<Fact[] | null> {
  let answer: Promise<Fact[] | null> | null = null;
  let freshUntilMs = Infinity;
  return () => {
    if (answer && performance.now() < freshUntilMs) return answer;
    freshUntilMs = Infinity;
    answer = ask().then(
      (facts) => {
        freshUntilMs = performance.now() + CACHED_MS;
        return facts;
      },
      () => {
        freshUntilMs = 0;
        return null;
      },
    );
    return answer;
  };
}

const nothingAfter = (ms: number): Promise<null> =>
  new Promise((resolve) => setTimeout(() => resolve(null), ms).unref());
