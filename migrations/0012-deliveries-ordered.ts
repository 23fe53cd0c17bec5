import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- the api's 5-second loop: ordered, and TaskSync has not begun
    create index deliveries_ordered on deliveries (created_at) where state = 'pending' and attempts = 0;
    -- DELETE /users/:userId: entries that still stand on the calendar of that person
    create index calendar_events_of_user on calendar_events (user_id) where removed_at is null;
  `);
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only');
}
