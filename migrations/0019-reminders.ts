import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table tasks
      add column remind_at timestamptz,
      add column remind_of text,
      add check ((remind_at is null) = (remind_of is null));
    comment on column tasks.remind_at is 'when TaskSync will order the reminder; null = none is to come';
    comment on column tasks.remind_of is 'the deadline that this reminder is for';
    -- the api's 5-second loop: the run that should have reminded is gone
    create index tasks_to_remind on tasks (remind_at) where remind_at is not null;

    alter table deliveries
      add column deadline text,
      add check ((kind = 'reminder') = (deadline is not null));
    comment on column deliveries.deadline is 'what a reminder reminds of';
    -- the ledger's promise: one reminder per deadline and person
    create unique index deliveries_one_reminder on deliveries (task_id, user_id, deadline) where kind = 'reminder';

    -- the api's 5-second loop: ordered or tried, and nobody is at it
    create index deliveries_pending on deliveries (updated_at) where state = 'pending';
    drop index deliveries_ordered;
  `);
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only');
}
