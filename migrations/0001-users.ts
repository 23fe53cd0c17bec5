import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table users (
      id uuid primary key default gen_random_uuid(),
      name text not null,
      email text not null check (email = lower(email)),
      role text not null default 'member' check (role in ('admin', 'member')),
      timezone text not null default 'UTC',
      calendar_grant bytea,
      version integer not null default 1,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    comment on column users.calendar_grant is 'encrypted refresh token of the connected calendar; null = not connected';

    -- participants are upserted by address; sign-in finds its person
    create unique index users_email on users (email);
    -- GET /users: pages by (created_at, id)
    create index users_page on users (created_at, id);
  `);
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only');
}
