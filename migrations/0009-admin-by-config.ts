import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table users add column admin_by_config boolean not null default false;
    comment on column users.admin_by_config is 'role is admin because ADMIN_EMAILS listed the address at the last sign-in';
  `);
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only');
}
