import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table meetings (
      id uuid primary key default gen_random_uuid(),
      owner_id uuid not null references users on delete restrict,
      title text not null,
      status text not null default 'queued' check (status in
        ('queued', 'probing', 'transcribing', 'extracting', 'notifying', 'ready', 'failed', 'cancelled')),
      failure jsonb,
      recorded_at timestamptz not null,
      timezone text not null,
      language text,
      duration_ms integer check (duration_ms >= 0),
      notify text not null default 'auto' check (notify in ('auto', 'manual')),
      media_key text unique,
      media_sha256 text,
      media_bytes bigint,
      media_type text,
      transcript text,
      transcript_id uuid,
      run_started_at timestamptz,
      event_seq integer not null default 0,
      deleted_at timestamptz,
      version integer not null default 1,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      check (num_nulls(media_key, media_sha256, media_bytes, media_type) in (0, 4))
    );
    comment on column meetings.transcript is 'plain text of the transcript version in transcript_id';
    comment on column meetings.event_seq is 'number of the last row in meeting_events';
    comment on column meetings.deleted_at is 'set by DELETE: answers 404 from then on, an erasure removes the rest';

    -- GET /meetings: pages by (created_at, id), newest first
    create index meetings_page on meetings (created_at desc, id desc) where deleted_at is null;
    -- GET /meetings of one person
    create index meetings_of_owner on meetings (owner_id, created_at desc, id desc) where deleted_at is null;
    -- GET /meetings?status=
    create index meetings_by_status on meetings (status, created_at desc, id desc) where deleted_at is null;
    -- GET /meetings?q= and GET /search: words of the title
    create index meetings_words on meetings using gin (to_tsvector('simple', title));
    -- the api's 5-second loop: stored but not started
    create index meetings_not_started on meetings (created_at) where run_started_at is null and deleted_at is null;

    create table meeting_participants (
      meeting_id uuid not null references meetings on delete cascade,
      user_id uuid not null references users on delete cascade,
      name text not null,
      position integer not null,
      primary key (meeting_id, user_id)
    );
    comment on column meeting_participants.name is 'as given for this meeting; the user keeps a name of their own';
    -- which meetings a person may read; whom GET /users shows
    create index participants_of_user on meeting_participants (user_id);

    create table uploads (
      id uuid primary key default gen_random_uuid(),
      media_key text not null unique,
      user_id uuid references users on delete set null,
      meeting_id uuid references meetings on delete set null,
      state text not null default 'receiving' check (state in ('receiving', 'stored', 'abandoned')),
      lease_until timestamptz not null,
      created_at timestamptz not null default now()
    );
    comment on table uploads is 'committed before the first byte is stored, so that a sweep can tell an upload in progress from an orphan';
    -- the janitor: objects whose upload died
    create index uploads_expired on uploads (lease_until) where state = 'receiving';
  `);
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only');
}
