import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table mail_events (
      sg_event_id text primary key,
      delivery_id uuid not null references deliveries on delete cascade,
      event text not null,
      at timestamptz not null
    );
    comment on table mail_events is 'what SendGrid reported of our mails, each report once; no addresses, no reasons: those quote addresses';
    -- what became of a mail; and the cascade
    create index mail_events_of_delivery on mail_events (delivery_id, at);
  `);
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only');
}
