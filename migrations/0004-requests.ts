import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table requests (
      meeting_id uuid not null references meetings on delete cascade,
      request_id text not null check (length(request_id) between 1 and 100),
      kind text not null check (kind in ('transcribe', 'extract', 'cancel')),
      instructions text,
      language text,
      requested_by uuid references users on delete set null,
      state text not null default 'pending' check (state in ('pending', 'running', 'done', 'failed', 'cancelled')),
      failure jsonb,
      signalled_at timestamptz,
      created_at timestamptz not null default now(),
      finished_at timestamptz,
      primary key (meeting_id, request_id)
    );
    comment on table requests is 'what a signal refers to; the same request id twice does one thing, across runs';
    comment on column requests.signalled_at is 'when Temporal was told; until then the 5-second loop of the api tries again';
    -- the pipeline takes the oldest open request of its meeting
    create index requests_open on requests (meeting_id, created_at) where state in ('pending', 'running');
    -- the api's 5-second loop
    create index requests_not_signalled on requests (created_at) where state = 'pending' and signalled_at is null;
  `);
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only');
}
