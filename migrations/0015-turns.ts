import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table turns (
      key text primary key,
      holder uuid not null,
      until timestamptz not null
    );
    comment on table turns is 'who may write to a thing outside that takes one write at a time; over at until, also when its holder has died';
  `);
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only');
}
