import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table transcript_pieces
      add column depth smallint not null default 0,
      add column wasted_calls smallint not null default 0;
    comment on column transcript_pieces.depth is 'how often what this is a part of was halved';
    comment on column transcript_pieces.wasted_calls is
      'calls that may have been paid for and brought nothing: there is no idempotency key, so they are bounded';

    alter table transcripts add column dropped integer not null default 0;
    comment on column transcripts.dropped is 'phrases that the engine repeated or heard in silence, taken out';
  `);
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only');
}
