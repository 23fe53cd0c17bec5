import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table tasks (
      id uuid primary key default gen_random_uuid(),
      meeting_id uuid references meetings on delete set null,
      extraction_id uuid references extractions on delete set null,
      name text not null,
      owner_id uuid references users on delete set null,
      owner_text text,
      created_by uuid references users on delete set null,
      status text not null default 'open' check (status in ('open', 'in_progress', 'done', 'cancelled')),
      deadline_date date,
      deadline_at timestamptz,
      deadline_timezone text,
      deadline_text text,
      category text check (length(category) <= 50),
      origin text not null check (origin in ('ai', 'human')),
      edited_fields text[] not null default '{}',
      needs_review boolean not null default false,
      agreed boolean not null default false,
      evidence jsonb not null default '[]',
      fingerprint text,
      deleted_at timestamptz,
      version integer not null default 1,
      synced_version integer not null default 0,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      check (deadline_date is null or deadline_at is null),
      check (deadline_at is null or deadline_timezone is not null)
    );
    comment on column tasks.agreed is 'the owner says or accepts it in the cited words: only then does a mail go out by itself';
    comment on column tasks.synced_version is 'the version that mail and calendar know; behind version = TaskSync has work';

    -- GET /tasks/:userId, pages by (created_at, id), newest first; its other filters run over one person's tasks
    create index tasks_of_owner on tasks (owner_id, created_at desc, id desc) where deleted_at is null;
    -- GET /meeting/:id
    create index tasks_of_meeting on tasks (meeting_id, created_at);
    -- the sweep: the row is ahead of the world
    create index tasks_lagging on tasks (updated_at) where version > synced_version;
    -- GET /search
    create index tasks_words on tasks using gin (to_tsvector('simple', name));
  `);
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only');
}
