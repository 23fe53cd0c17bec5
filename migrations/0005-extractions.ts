import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table extractions (
      id uuid primary key default gen_random_uuid(),
      meeting_id uuid not null references meetings on delete cascade,
      transcript_id uuid not null references transcripts,
      request_id text not null,
      version integer check (version > 0),
      state text not null default 'draft' check (state in ('draft', 'applied')),
      items jsonb,
      provider text not null,
      model text not null,
      quality text not null check (quality in ('draft', 'standard')),
      prompt_version text not null,
      instructions text,
      requested_by uuid references users on delete set null,
      coverage real not null check (coverage between 0 and 1),
      input_tokens integer,
      output_tokens integer,
      cost numeric(12, 6),
      counts jsonb not null default '{}',
      changes jsonb not null default '{}',
      diff jsonb not null default '[]',
      created_at timestamptz not null default now(),
      -- GET /meeting/:id shows the latest; GET /meeting/:id/extractions lists them
      unique (meeting_id, version),
      unique (meeting_id, request_id),
      check ((state = 'applied') = (version is not null))
    );
    comment on column extractions.items is 'judged items waiting to be applied, so that a retry never pays for the model twice; null afterwards';

    create table decisions (
      id uuid primary key default gen_random_uuid(),
      meeting_id uuid not null references meetings on delete cascade,
      extraction_id uuid not null references extractions on delete cascade,
      position integer not null,
      text text not null,
      needs_review boolean not null,
      evidence jsonb not null default '[]',
      fingerprint text not null,
      created_at timestamptz not null default now()
    );
    -- GET /meeting/:id
    create index decisions_of_meeting on decisions (meeting_id, position);
    -- GET /search
    create index decisions_words on decisions using gin (to_tsvector('simple', text));

    create table questions (
      id uuid primary key default gen_random_uuid(),
      meeting_id uuid not null references meetings on delete cascade,
      extraction_id uuid not null references extractions on delete cascade,
      position integer not null,
      text text not null,
      status text not null check (status in ('open', 'answered')),
      needs_review boolean not null,
      evidence jsonb not null default '[]',
      fingerprint text not null,
      created_at timestamptz not null default now()
    );
    -- GET /meeting/:id
    create index questions_of_meeting on questions (meeting_id, position);
    -- GET /search
    create index questions_words on questions using gin (to_tsvector('simple', text));
  `);
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only');
}
