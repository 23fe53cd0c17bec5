import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table idempotency_keys
      -- changes with every request that takes the key, so that one whose lease is over can't write down its answer
      add column holder uuid not null default gen_random_uuid(),
      add column response_headers jsonb,
      -- json, not jsonb: an answer is repeated with its fields in the order in which they were sent
      alter column response_body type json,
      -- whose content the answer shows: it goes with them
      add column meeting_id uuid references meetings on delete cascade,
      add column made_user_id uuid references users on delete cascade;
    -- the end of a meeting
    create index idempotency_keys_of_meeting on idempotency_keys (meeting_id) where meeting_id is not null;
  `);
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only');
}
