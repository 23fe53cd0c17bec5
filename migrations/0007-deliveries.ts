import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table deliveries (
      id uuid primary key default gen_random_uuid(),
      task_id uuid not null references tasks on delete cascade,
      user_id uuid references users on delete set null,
      channel text not null check (channel in ('email', 'calendar')),
      kind text not null check (kind in ('assigned', 'reminder')),
      task_version integer not null,
      resend integer not null default 0,
      state text not null default 'pending' check (state in ('pending', 'sending', 'sent', 'failed', 'unknown')),
      attempts integer not null default 0,
      provider text,
      provider_message_id text,
      error jsonb,
      requested_by uuid references users on delete set null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      -- the ledger's promise; also GET /task/:id
      unique nulls not distinct (task_id, user_id, channel, kind, task_version, resend)
    );
    -- the janitor: sends that a crash cut off
    create index deliveries_sending on deliveries (updated_at) where state = 'sending';

    create table calendar_events (
      id uuid primary key default gen_random_uuid(),
      task_id uuid not null references tasks on delete cascade,
      user_id uuid references users on delete set null,
      event_id text not null unique,
      generation integer not null,
      etag text,
      provider text not null,
      removed_at timestamptz,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    comment on column calendar_events.generation is 'a deleted event keeps its id for ever; the next one of that task and person counts on';
    -- TaskSync: the task's events
    create unique index calendar_events_of_task on calendar_events (task_id, user_id, generation);
  `);
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only');
}
