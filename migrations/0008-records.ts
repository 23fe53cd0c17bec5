import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table meeting_events (
      meeting_id uuid not null references meetings on delete cascade,
      seq integer not null check (seq > 0),
      type text not null check (type in ('status', 'transcript', 'extraction', 'task', 'delivery', 'failure')),
      data jsonb not null,
      at timestamptz not null default now(),
      -- GET /meeting/:id/events reads on from a sequence number
      primary key (meeting_id, seq)
    );

    create table idempotency_keys (
      user_id uuid not null references users on delete cascade,
      key text not null check (length(key) between 1 and 255),
      route text not null,
      fingerprint text,
      state text not null default 'running' check (state in ('running', 'done')),
      lease_until timestamptz not null,
      response_status integer,
      response_body jsonb,
      created_at timestamptz not null default now(),
      primary key (user_id, key)
    );
    -- the janitor: keys live 24 h
    create index idempotency_keys_age on idempotency_keys (created_at);

    create table provider_calls (
      id bigint generated always as identity primary key,
      meeting_id uuid references meetings on delete cascade,
      request_id text,
      step text not null,
      provider text not null,
      model text,
      units jsonb not null,
      cost numeric(12, 6),
      latency_ms integer not null,
      outcome text not null,
      created_at timestamptz not null default now()
    );
    -- GET /meeting/:id/costs
    create index provider_calls_of_meeting on provider_calls (meeting_id, id);

    create table erasures (
      id uuid primary key default gen_random_uuid(),
      meeting_id uuid not null unique,
      requested_by uuid references users on delete set null,
      state text not null default 'running' check (state in ('running', 'done')),
      removed jsonb not null default '{}',
      created_at timestamptz not null default now(),
      finished_at timestamptz
    );
    comment on table erasures is 'receipts without content; outlive the meeting, so no foreign key to it';
  `);
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only');
}
