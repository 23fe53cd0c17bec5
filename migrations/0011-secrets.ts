import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table secrets (
      name text primary key,
      value bytea not null,
      created_at timestamptz not null default now()
    );
    comment on table secrets is 'made by the migration that needs one and shared by all processes; deleting a row and adding another makes what was signed with it worthless';
  `);
  await knex('secrets').insert({ name: 'media-ticket', value: randomBytes(32) });
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only');
}
