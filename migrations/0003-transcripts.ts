import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table transcripts (
      id uuid primary key default gen_random_uuid(),
      meeting_id uuid not null references meetings on delete cascade,
      request_id text not null,
      version integer check (version > 0),
      state text not null default 'draft' check (state in ('draft', 'complete')),
      provider text,
      model text,
      quality text check (quality in ('draft', 'standard')),
      language text,
      speakers jsonb not null default '{}',
      voices jsonb,
      created_at timestamptz not null default now(),
      unique (meeting_id, version),
      unique (meeting_id, request_id),
      check ((state = 'complete') = (version is not null))
    );
    comment on column transcripts.speakers is 'label in the segments -> {name, userId, source: evidence|person}';
    comment on column transcripts.voices is 'what the diarizer heard, until the transcript is assembled';
    comment on column transcripts.version is 'given when complete: a re-transcription that fails half-way changes nothing that is served';

    alter table meetings add constraint meetings_transcript
      foreign key (transcript_id) references transcripts (id) deferrable initially deferred;

    create table transcript_pieces (
      transcript_id uuid not null references transcripts on delete cascade,
      start_ms integer not null check (start_ms >= 0),
      end_ms integer not null,
      state text not null default 'pending' check (state in ('pending', 'done')),
      primary key (transcript_id, start_ms),
      check (end_ms > start_ms)
    );
    comment on table transcript_pieces is 'the cut list of a draft; removed when assembled';

    create table heard_segments (
      transcript_id uuid not null references transcripts on delete cascade,
      start_ms integer not null,
      end_ms integer not null,
      text text not null,
      confidence real,
      speaker text,
      words jsonb not null default '[]',
      -- a second worker that hears the same again changes nothing
      primary key (transcript_id, start_ms)
    );
    comment on table heard_segments is 'what was heard of a draft so far: a retry goes on from here; removed when assembled';

    create table transcript_segments (
      id uuid primary key default gen_random_uuid(),
      transcript_id uuid not null references transcripts on delete cascade,
      ordinal integer not null,
      speaker text,
      start_ms integer,
      end_ms integer,
      text text not null,
      confidence real,
      -- GET /meeting/:id reads the segments of one version in order
      unique (transcript_id, ordinal),
      check (end_ms >= start_ms)
    );
    -- GET /search
    create index segments_words on transcript_segments using gin (to_tsvector('simple', text));
  `);
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only');
}
