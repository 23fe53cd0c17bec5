import type { Knex } from 'knex';
import type { JanitorKind } from '../src/models/janitor-total';
import type { ActivityDeps } from './deps';
import { inBatches, limitsOf, olderThan, report, tally, type JanitorLimits } from './janitor';

interface Expiring {
  table: string;
  /** Absent = the rows are deleted. */
  set?: string;
  where: string;
  /** What the one parameter of `where` is bound to. */
  ageMs: keyof JanitorLimits | 0;
}

/** A draft whose request is open is being worked on. */
const nobodyWorksOn = (table: string) => `not exists (select 1 from requests r
  where r.meeting_id = ${table}.meeting_id and r.request_id = ${table}.request_id and r.state in ('pending', 'running'))`;

const EXPIRING: Partial<Record<JanitorKind, Expiring>> = {
  'idempotency-keys': {
    table: 'idempotency_keys',
    where: `${olderThan('created_at')} and (state = 'done' or lease_until < now())`,
    ageMs: 'idempotencyKeyMs',
  },
  'spent-states': { table: 'spent_states', where: olderThan('expires_at'), ageMs: 0 },
  'transcript-drafts': {
    table: 'transcripts',
    where: `state = 'draft' and ${olderThan('created_at')} and ${nobodyWorksOn('transcripts')}`,
    ageMs: 'draftMs',
  },
  'extraction-drafts': {
    table: 'extractions',
    where: `state = 'draft' and ${olderThan('created_at')} and ${nobodyWorksOn('extractions')}`,
    ageMs: 'draftMs',
  },
  // Its cost stays: it may have been paid for.
  'cut-off-calls': {
    table: 'provider_calls',
    set: `outcome = 'cut-off'`,
    where: `outcome = 'started' and ${olderThan('created_at')}`,
    ageMs: 'callMs',
  },
};

const EXPIRING_KINDS = Object.keys(EXPIRING) as JanitorKind[];

/** Removes rows that have outlived their time, and closes calls that a worker died in. Returns how many by kind. */
export async function expireRecords(deps: ActivityDeps): Promise<Partial<Record<JanitorKind, number>>> {
  const expired: Partial<Record<JanitorKind, number>> = {};
  for (const kind of EXPIRING_KINDS) {
    const what = EXPIRING[kind]!;
    const ageMs = what.ageMs === 0 ? 0 : limitsOf(deps)[what.ageMs];
    const count = await inBatches((limit) =>
      deps.db.transaction(async (trx) => {
        const done = await expire(trx, what, ageMs, limit);
        await tally(trx, kind, done);
        return { found: done, done };
      }),
    );
    if (report(deps, kind, count) > 0) expired[kind] = count;
  }
  return expired;
}

/** Rows that somebody is changing at this moment are left to the next turn. */
async function expire(
  trx: Knex.Transaction,
  { table, set, where }: Expiring,
  ageMs: number,
  limit: number,
): Promise<number> {
  const verb = set ? `update ${table} set ${set}` : `delete from ${table}`;
  const { rowCount } = await trx.raw<{ rowCount: number }>(
    `${verb} where ctid = any(array(select ctid from ${table} where ${where} limit ? for update skip locked))`,
    [ageMs, limit],
  );
  return rowCount;
}
