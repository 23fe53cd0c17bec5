import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table transcript_segments
      add column words tsvector generated always as (to_tsvector('simple', text)) stored;
    comment on column transcript_segments.words is 'kept, since GET /search compares thousands of them at once when a word is common';
    drop index segments_words;
    -- GET /search
    create index segments_words on transcript_segments using gin (words);
    -- a rewritten table is planned for blindly until somebody looks at it
    analyze transcript_segments;
  `);
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only');
}
