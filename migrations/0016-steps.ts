import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table meetings add column steps jsonb not null default '{}';
    comment on column meetings.steps is
      'per step of the newest work: attempt, start, end; written with the status, read by GET /meeting/:id/run';
  `);
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only');
}
