import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table janitor_totals (
      kind text primary key,
      total bigint not null default 0,
      last_run_at timestamptz not null default now()
    );
    comment on table janitor_totals is 'what the janitor has done since ever and when it last looked; the workers write it, /metrics of any api shows it';

    -- the janitor: objects whose upload died, and those that a janitor who died had begun with
    drop index uploads_expired;
    create index uploads_expired on uploads (lease_until) where state <> 'stored';
    -- the janitor: drafts that nobody goes on with
    create index transcripts_drafts on transcripts (created_at) where state = 'draft';
    create index extractions_drafts on extractions (created_at) where state = 'draft';
    -- the janitor: calls that a worker died in
    create index provider_calls_started on provider_calls (created_at) where outcome = 'started';
    -- the janitor: ways back that are over
    create index spent_states_over on spent_states (expires_at);
    -- /metrics: how many deliveries ended how; the others have indexes of their own
    create index deliveries_settled on deliveries (state) where state in ('sent', 'failed', 'unknown');
  `);
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only');
}
