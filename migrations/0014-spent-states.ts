import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table spent_states (
      nonce text primary key,
      expires_at timestamptz not null
    );
    comment on table spent_states is 'ways back from a consent page that were taken; kept until they would be over anyway';
  `);
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only');
}
