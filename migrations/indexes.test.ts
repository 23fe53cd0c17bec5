/** Each index earns its place: the query that it is for uses it in tables that are full, and an index without one goes. */
import { createTestDatabase, type TestDatabase } from '../test/support/database';

const MANY = 3000;

const AS_PAGE = 'order by created_at desc, id desc limit 25';
const words = (table: string, column: string) =>
  `select id from ${table} where to_tsvector('simple', ${column}) @@ plainto_tsquery('simple', 'rare')`;

/** Index -> what is asked, as the code asks it. `:m`, `:u`, `:t`, `:tr`, `:e` = ids of one meeting, user, task, transcript,
 * extraction. */
const QUERIES: Record<string, string> = {
  users_email: `select id from users where email = 'u7@example.com'`,
  users_page: `select id from users ${AS_PAGE}`,
  meetings_page: `select id from meetings where deleted_at is null ${AS_PAGE}`,
  meetings_of_owner: `select id from meetings where deleted_at is null and owner_id = :u ${AS_PAGE}`,
  meetings_by_status: `select id from meetings where deleted_at is null and status = 'failed' ${AS_PAGE}`,
  meetings_words: words('meetings', 'title'),
  meetings_not_started: `select id from meetings where run_started_at is null and deleted_at is null
    and created_at < now() - interval '5 seconds' order by created_at limit 100`,
  participants_of_user: 'select meeting_id from meeting_participants where user_id = :u',
  uploads_expired: `select id from uploads where state <> 'stored' and lease_until < now() order by lease_until limit 200`,
  transcript_segments_transcript_id_ordinal_key:
    'select text from transcript_segments where transcript_id = :tr order by ordinal',
  transcripts_drafts: `select id from transcripts where state = 'draft' and created_at < now() - interval '7 days' limit 200`,
  segments_words: `select id from transcript_segments where words @@ plainto_tsquery('simple', 'rare')`,
  requests_open: `select request_id from requests where meeting_id = :m and state in ('pending', 'running')
    order by created_at`,
  requests_not_signalled: `select request_id from requests where state = 'pending' and signalled_at is null
    and created_at < now() - interval '5 seconds' order by created_at limit 100`,
  extractions_meeting_id_version_key: `select id from extractions where meeting_id = :m and state = 'applied'
    order by version desc limit 1`,
  extractions_drafts: `select id from extractions where state = 'draft' and created_at < now() - interval '7 days' limit 200`,
  decisions_of_meeting: 'select id from decisions where meeting_id = :m order by position',
  decisions_words: words('decisions', 'text'),
  questions_of_meeting: 'select id from questions where meeting_id = :m order by position',
  questions_words: words('questions', 'text'),
  tasks_of_owner: `select id from tasks where owner_id = :u and deleted_at is null ${AS_PAGE}`,
  tasks_of_meeting: 'select id from tasks where meeting_id = :m order by created_at',
  tasks_lagging: `select id from tasks where version > synced_version
    and updated_at < now() - interval '5 seconds' order by updated_at limit 100`,
  tasks_to_remind: `select id from tasks where remind_at < now() - interval '30 seconds'`,
  tasks_words: words('tasks', 'name'),
  deliveries_task_id_user_id_channel_kind_task_version_resend_key:
    'select id from deliveries where task_id = :t',
  deliveries_sending: `select id from deliveries where state = 'sending' and updated_at < now()`,
  deliveries_one_reminder: `select id from deliveries where task_id = :t and user_id = :u and kind = 'reminder'
    and deadline = '2026-11-27'`,
  deliveries_pending: `select task_id from deliveries where state = 'pending'
    and updated_at < now() - interval '5 seconds'
    and (attempts = 0 or updated_at < now() - interval '10 minutes')`,
  deliveries_settled: `select count(*) from deliveries where state = 'failed'`,
  calendar_events_of_task: 'select id from calendar_events where task_id = :t order by generation desc',
  calendar_events_of_user: 'select id from calendar_events where user_id = :u and removed_at is null',
  meeting_events_pkey: 'select data from meeting_events where meeting_id = :m and seq > 1 order by seq',
  idempotency_keys_age: `delete from idempotency_keys where created_at < now() - interval '24 hours'`,
  idempotency_keys_of_meeting: 'delete from idempotency_keys where meeting_id = :m',
  provider_calls_of_meeting: 'select units from provider_calls where meeting_id = :m order by id',
  provider_calls_started: `select id from provider_calls where outcome = 'started'
    and created_at < now() - interval '24 hours' limit 200`,
  spent_states_over: `select nonce from spent_states where expires_at < now() limit 200`,
  erasures_running: `select id from erasures where state = 'running' and created_at < now() - interval '5 seconds'
    order by created_at limit 100`,
  uploads_of_meeting: 'delete from uploads where meeting_id = :m',
  meetings_of_transcript: 'select 1 from meetings where transcript_id = :tr',
  extractions_of_transcript: 'select 1 from extractions where transcript_id = :tr',
  decisions_of_extraction: 'delete from decisions where extraction_id = :e',
  questions_of_extraction: 'delete from questions where extraction_id = :e',
  tasks_of_extraction: 'update tasks set extraction_id = null where extraction_id = :e',
  mail_events_of_delivery: 'select event from mail_events where delivery_id = :d order by at',
};

/** A few rows that are asked for among many that are not. */
const FILL = `
  insert into users (id, name, email, created_at)
    select md5('u' || n)::uuid, 'x', 'u' || n || '@example.com', now() - n * interval '1 minute' from generate_series(1, N) n;
  insert into meetings (id, owner_id, title, status, recorded_at, timezone, run_started_at, created_at)
    select md5('m' || n)::uuid, md5('u' || n)::uuid, case n when 7 then 'rare' else 'often said' end,
      case when n % 500 = 0 then 'failed' else 'ready' end, now(), 'UTC',
      case when n % 500 = 0 then null else now() end, now() - n * interval '1 minute' from generate_series(1, N) n;
  insert into meeting_participants (meeting_id, user_id, name, position)
    select id, md5('u' || ((row_number() over ()) * 7 % N + 1))::uuid, 'x', 0 from meetings;
  insert into uploads (media_key, lease_until, state)
    select n::text, now() - interval '1 day', case when n % 500 = 0 then 'receiving' else 'stored' end from generate_series(1, N) n;
  insert into transcripts (id, meeting_id, request_id, version, state)
    select md5('tr' || id)::uuid, id, 'r', 1, 'complete' from meetings;
  insert into transcript_segments (transcript_id, ordinal, text)
    select id, n, case when n = 1 and id = md5('tr' || md5('m7')::uuid)::uuid then 'rare' else 'often said, number ' || md5(id::text || n) end
    from transcripts, generate_series(1, 12) n;
  insert into requests (meeting_id, request_id, kind, state, signalled_at, created_at)
    select m.id, k::text, 'extract', case when k = 1 and extract(minute from m.created_at) < 1 then 'pending' else 'done' end,
      case when k = 1 and extract(minute from m.created_at) < 1 then null else now() end, m.created_at
    from meetings m, generate_series(1, 5) k;
  insert into extractions (id, meeting_id, transcript_id, request_id, version, state, provider, model, quality, prompt_version, coverage)
    select md5('e' || m.id || v)::uuid, m.id, md5('tr' || m.id)::uuid, v::text, v, 'applied', 'p', 'm', 'draft', '1', 1
    from meetings m, generate_series(1, 3) v;
  insert into decisions (meeting_id, extraction_id, position, text, needs_review, fingerprint)
    select meeting_id, id, version, case id when md5('e' || md5('m7')::uuid || 1)::uuid then 'rare' else 'often said' end, false, 'x' from extractions;
  insert into questions (meeting_id, extraction_id, position, text, status, needs_review, fingerprint)
    select meeting_id, extraction_id, position, text, 'open', false, 'x' from decisions;
  insert into tasks (id, meeting_id, owner_id, name, origin, version, synced_version, remind_at, remind_of, updated_at)
    select md5('t' || id || k)::uuid, id, owner_id, case when title = 'rare' and k = 1 then 'rare' else 'often said' end, 'ai',
      1, case when run_started_at is null and k = 1 then 0 else 1 end,
      case when k = 2 then created_at + interval '1 day' end, case when k = 2 then '2026-11-27' end, created_at
    from meetings, generate_series(1, 3) k;
  insert into deliveries (id, task_id, user_id, channel, kind, task_version, state, attempts, created_at, updated_at)
    select md5('d' || id)::uuid, id, owner_id, 'email', 'assigned', 1,
      case when version > synced_version then 'pending' when name = 'rare' then 'sending' else 'sent' end,
      case when version > synced_version then 0 else 1 end, updated_at, updated_at from tasks;
  insert into deliveries (task_id, user_id, channel, kind, task_version, state, deadline, updated_at)
    select id, owner_id, 'email', 'reminder', 1, 'sent', '2026-11-27', updated_at from tasks;
  insert into calendar_events (task_id, user_id, event_id, generation, provider, removed_at)
    select id, owner_id, id || '-' || g, g, 'p', case when g = 2 then null else now() end from tasks, generate_series(1, 2) g;
  insert into meeting_events (meeting_id, seq, type, data) select id, s, 'status', '{}' from meetings, generate_series(1, 4) s;
  insert into idempotency_keys (user_id, key, route, lease_until, created_at)
    select id, 'k', 'r', now(), now() - case when created_at > now() - interval '10 minutes' then interval '2 days' else interval '1 hour' end from users;
  insert into provider_calls (meeting_id, step, provider, units, latency_ms, outcome)
    select id, 'extract', 'p', '{}', 1, 'ok' from meetings, generate_series(1, 3);
  insert into spent_states (nonce, expires_at)
    select n::text, now() + (n - 10) * interval '1 minute' from generate_series(1, N) n;
  insert into mail_events (sg_event_id, delivery_id, event, at)
    select id || '-' || k, id, 'processed', now() from deliveries, generate_series(1, 2) k;
  insert into erasures (meeting_id, state)
    select id, case when title = 'rare' then 'running' else 'done' end from meetings;
  update uploads set meeting_id = md5('m' || media_key)::uuid;
  update meetings set transcript_id = md5('tr' || id)::uuid;
  update tasks set extraction_id = md5('e' || meeting_id || 1)::uuid;`;

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.knex.raw(FILL.replaceAll(/\bN\b/g, String(MANY)));
  // What stands in the waiting list of an index of words makes it look dearer than it is.
  await database.knex.raw('vacuum analyze');
}, 120_000);
afterAll(() => database.destroy());

const IDS: Record<string, string> = {
  ':m': `md5('m7')::uuid`,
  ':u': `md5('u7')::uuid`,
  ':tr': `md5('tr' || md5('m7')::uuid)::uuid`,
  ':e': `md5('e' || md5('m7')::uuid || 1)::uuid`,
  ':t': `md5('t' || md5('m7')::uuid || 1)::uuid`,
  ':d': `md5('d' || md5('t' || md5('m7')::uuid || 1)::uuid)::uuid`,
};

async function plan(query: string): Promise<string> {
  const asked = query.replaceAll(/:(tr|[mutde])\b/g, (id) => IDS[id]!);
  const { rows } = await database.knex.raw<{ rows: { 'QUERY PLAN': string }[] }>(`explain ${asked}`);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

it.each(Object.entries(QUERIES))('%s serves its query', async (index, query) => {
  const explained = await plan(query);
  expect(explained).toMatch(new RegExp(`\\b${index}\\b`));
  expect(explained).not.toContain('Seq Scan');
});

it('every index that a migration makes by name is here with its query', async () => {
  const { rows } = await database.knex.raw<{ rows: { name: string }[] }>(`
    select c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid
      join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relname not like 'knex_%'
      and not exists (select 1 from pg_constraint where conindid = i.indexrelid)`);
  expect(rows.map(({ name }) => name).filter((name) => !QUERIES[name])).toEqual([]);
});
