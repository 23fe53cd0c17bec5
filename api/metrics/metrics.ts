/** Everything that `/metrics` shows. Labels are names from our own lists: never an id, a title or an address. */
import type { Knex } from 'knex';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { watchPool } from './pool';
import { watchRows } from './rows';

/** Rows are read in milliseconds; `Prefer: wait` and uploads take their time. Seconds. */
const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

export type Metrics = ReturnType<typeof createMetrics>;

/** One for each process; in tests, for each app. */
export function createMetrics(db: Knex) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  watchPool(registry, db);
  const readRows = watchRows(registry, db);
  return {
    ...counters([registry]),
    /** The text format of Prometheus. Takes a second at most: without Postgres, what comes from it is left out. */
    async scrape(): Promise<string> {
      await readRows();
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}

/** What this process counts by itself. */
function counters(registers: Registry[]) {
  return {
    requests: new Counter({
      name: 'http_requests_total',
      help: 'Requests by pattern of the route; status 499 = the client left before the answer was out',
      labelNames: ['method', 'route', 'status'] as const,
      registers,
    }),
    durations: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'From the header of a request to the end of its answer',
      labelNames: ['method', 'route'] as const,
      buckets: BUCKETS_S,
      registers,
    }),
    inFlight: new Gauge({
      name: 'http_requests_in_flight',
      help: 'Requests whose answer is not out yet',
      registers,
    }),
    catchUpRounds: new Counter({
      name: 'meeting_pipeline_catch_up_rounds_total',
      help: 'Rounds of the 5-second loop of this process, by how they ended',
      labelNames: ['outcome'] as const,
      registers,
    }),
    catchUpTold: new Counter({
      name: 'meeting_pipeline_catch_up_told_total',
      help: 'What the 5-second loop has told Temporal, because nobody else had',
      labelNames: ['kind'] as const,
      registers,
    }),
    catchUpFailed: new Counter({
      name: 'meeting_pipeline_catch_up_failed_total',
      help: 'What the 5-second loop could not tell Temporal; it is tried again',
      labelNames: ['kind'] as const,
      registers,
    }),
  };
}
