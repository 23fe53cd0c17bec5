import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table deliveries add column sender uuid;
    comment on column deliveries.sender is
      'the attempt that made it sending; it alone may make it pending again, when it did not come to call anybody';
  `);
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only');
}
