import type { Knex } from 'knex';

/** Who everybody is while no issuer is configured; the fixed id lets scripts name it. */
export const LOCAL_USER = {
  id: '00000000-0000-4000-8000-000000000001',
  name: 'Local User',
  email: 'you@example.com',
  role: 'admin',
} as const;

/** Adds the local user; one that is there keeps what people changed. */
export async function seedLocalUser(knex: Knex): Promise<void> {
  await knex('users').insert(LOCAL_USER).onConflict().ignore();
}
