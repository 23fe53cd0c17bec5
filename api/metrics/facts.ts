/** What the rows say, for gauges: one statement, each part of it answered by an index of such rows alone. */
import type { Knex } from 'knex';
import { MEETING_STATUSES } from '../../src/domain/meeting';

export interface Fact {
  metric: string;
  /** Value of the metric's one label; '' = it has none. */
  label: string;
  value: number;
}

/** For the whole statement; a Prometheus waits 10 s. */
const TIMEOUT_MS = 700;

const age = (column: string) => `coalesce(extract(epoch from now() - min(${column})), 0)::float8`;

const row = (metric: string, label: string, value: string, from: string) =>
  `select '${metric}' as metric, '${label}' as label, ${value} as value from ${from}`;

const counted = (metric: string, label: string, from: string) => row(metric, label, 'count(*)::float8', from);

const LAGGING: Record<string, { from: string; since: string }> = {
  meetings: { from: 'meetings where run_started_at is null and deleted_at is null', since: 'created_at' },
  requests: { from: `requests where state = 'pending' and signalled_at is null`, since: 'created_at' },
  tasks: { from: 'tasks where version > synced_version', since: 'updated_at' },
};

const STATEMENT = [
  ...MEETING_STATUSES.map((status) =>
    counted('meetings', status, `meetings where deleted_at is null and status = '${status}'`),
  ),
  ...['pending', 'running'].map((state) =>
    counted('requests_open', state, `requests where state = '${state}' and state in ('pending', 'running')`),
  ),
  ...['pending', 'sending', 'sent', 'failed', 'unknown'].map((state) =>
    counted('deliveries', state, `deliveries where state = '${state}'`),
  ),
  ...Object.entries(LAGGING).flatMap(([kind, { from, since }]) => [
    counted('lagging', kind, from),
    row('lagging_oldest_seconds', kind, age(since), from),
  ]),
  `select 'janitor_done_total', kind, total::float8 from janitor_totals`,
  `select 'janitor_last_run_timestamp_seconds', kind, extract(epoch from last_run_at)::float8 from janitor_totals`,
].join('\nunion all\n');

/** Rejects when Postgres is away or takes too long; the statement is ended there as well. */
export function readFacts(db: Knex): Promise<Fact[]> {
  return db.transaction(async (trx) => {
    await trx.raw(`set local statement_timeout = ${TIMEOUT_MS}`);
    const { rows } = await trx.raw<{ rows: Fact[] }>(STATEMENT);
    return rows;
  });
}
