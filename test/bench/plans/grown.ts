/** A database after years of use: many people, a quarter of them with a meeting of their own; one who is in every thousandth. */
import { Client } from 'pg';
import type { User } from '../../../src/models/user';
import { seedLocalUser } from '../../../src/db/seed';
import { openDatabase } from '../../../src/db/connection';
import type { DatabaseConfig } from '../../../src/config';
import { fill } from '../fill';

/** Of the person who is in every thousandth meeting and owns it. */
export const BUSY: User['email'] = 'u0@example.com';

/** `m` numbers meetings from 1; as in `fill`, ids follow from it. */
export async function grow(
  database: DatabaseConfig,
  { meetings, segmentsEach }: { meetings: number; segmentsEach: number },
): Promise<void> {
  const knex = openDatabase(database);
  await seedLocalUser(knex);
  await knex.destroy();
  await fill(database.url, 1, meetings, segmentsEach);
  const db = new Client({ connectionString: database.url });
  await db.connect();
  try {
    for (const statement of PEOPLE) await db.query(statement, [meetings]);
    for (const statement of TRACES) await db.query(statement);
    // Index-only scans need to know what everybody sees.
    await db.query('vacuum analyze');
  } finally {
    await db.end();
  }
}

const person = (number: string) => `md5('u' || ${number})::uuid`;
const OWNER = `case when m % 1000 = 0 then 0 else m end`;

const PEOPLE = [
  `insert into users (id, name, email) select ${person('n')}, 'Person ' || n, 'u' || n || '@example.com'
   from generate_series(0, $1::int * 4) n`,
  `update meetings set owner_id = ${person(OWNER)} from generate_series(1, $1::int) m where id = md5('m' || m)::uuid`,
  `insert into meeting_participants (meeting_id, user_id, name, position)
   select md5('m' || m)::uuid, ${person('n')}, 'Person ' || n, p from generate_series(1, $1::int) m,
     lateral (values (0, ${OWNER}), (1, m + 1)) people (p, n)`,
];

/** What work leaves beside its results. Every twentieth task was written by hand, half of them belong to no meeting. */
const TRACES = [
  `update tasks set owner_id = m.owner_id from meetings m where m.id = tasks.meeting_id`,
  `insert into tasks (meeting_id, name, owner_id, created_by, origin, synced_version, created_at)
   select case when random() < 0.5 then meeting_id end, name, owner_id, owner_id, 'human', 1, created_at
   from tasks where random() < 0.05`,
  `insert into requests (meeting_id, request_id, kind, state, signalled_at, finished_at)
   select id, 'r', 'extract', 'done', now(), now() from meetings`,
  `insert into provider_calls (meeting_id, request_id, step, provider, units, latency_ms, outcome)
   select id, 'r', 'extract', 'p', '{}', 1, 'ok' from meetings`,
  `insert into uploads (media_key, meeting_id, state, lease_until) select id::text, id, 'stored', now() from meetings`,
  `insert into deliveries (task_id, user_id, channel, kind, task_version, state, attempts)
   select id, owner_id, channel, 'assigned', 1, 'sent', 1 from tasks, unnest(array['email', 'calendar']) channel`,
  `insert into calendar_events (task_id, user_id, event_id, generation, provider)
   select id, owner_id, id::text, 1, 'p' from tasks`,
  `insert into mail_events (sg_event_id, delivery_id, event, at)
   select id::text, id, 'delivered', now() from deliveries where channel = 'email'`,
];
