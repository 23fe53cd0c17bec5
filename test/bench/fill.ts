/** Rows as years of use leave them. */
import { Client } from 'pg';
import { LOCAL_USER } from '../../src/db/seed';

/**
 * Twelve words from two thousand, the first of them as often as "the" is said, the last as rarely as a name: word n comes
 * up about every n-th time.
 */
const SAID = `(
  select string_agg('word' || (2000 ^ random())::int, ' ') || ' ' || (m * 100 + s)
  from generate_series(1, 12) where m > 0 and s > 0)`;

/**
 * Adds meetings `from` to `to` of the local user, one a minute, with so many segments, three tasks, two decisions and
 * two questions each. Indexes of words are built afterwards, which is several times faster.
 */
export async function fill(databaseUrl: string, from: number, to: number, segmentsEach = 100): Promise<void> {
  // Not the product's pool, which gives up on a query after 30 s.
  const db = new Client({ connectionString: databaseUrl });
  await db.connect();
  try {
    const indexes = await db.query<{ name: string; definition: string }>(
      `select indexname as name, indexdef as definition from pg_indexes
       where tablename = 'transcript_segments' and indexdef like '% gin %'`,
    );
    for (const { name } of indexes.rows) await db.query(`drop index ${name}`);
    for (const statement of STATEMENTS)
      await db.query(statement.replaceAll(':segments', String(segmentsEach)), [from, to, LOCAL_USER.id]);
    for (const { definition } of indexes.rows) await db.query(definition);
    // As it rests: a table that was just filled is vacuumed a minute later, in the middle of what is measured.
    await db.query('vacuum (analyze)');
    await db.query('checkpoint');
  } finally {
    await db.end();
  }
}

const id = (kind: string, key: string) => `md5('${kind}' || ${key})::uuid`;

const NUMBERS = 'generate_series($1::int, $2::int) m, (select $3::uuid as owner) o';

const STATEMENTS = [
  `  insert into meetings (id, owner_id, title, status, recorded_at, timezone, run_started_at, created_at, event_seq)
  select ${id('m', 'm')}, owner, 'Meeting ' || m || ' about word' || (2000 ^ random())::int,
    case when m % 50 = 0 then 'failed' else 'ready' end, now(), 'UTC', now(), now() - m * interval '1 minute', 6
  from ${NUMBERS}`,
  `insert into transcripts (id, meeting_id, request_id, version, state)
   select ${id('t', 'm')}, ${id('m', 'm')}, 'r', 1, 'complete' from ${NUMBERS}`,
  `update meetings set transcript_id = ${id('t', 'm')} from ${NUMBERS} where meetings.id = ${id('m', 'm')}`,
  `insert into transcript_segments (transcript_id, ordinal, speaker, start_ms, end_ms, text)
   select ${id('t', 'm')}, s, 'Speaker ' || s % 4 + 1, s * 4000, s * 4000 + 3900, ${SAID}
   from ${NUMBERS}, generate_series(1, :segments) s order by m, s`,
  `insert into extractions (id, meeting_id, transcript_id, request_id, version, state, provider, model, quality, prompt_version, coverage, counts, changes)
   select ${id('e', 'm')}, ${id('m', 'm')}, ${id('t', 'm')}, 'r', 1, 'applied', 'p', 'm', 'draft', '1', 1, '{"actionItems": 3, "decisions": 2, "questions": 2}',
     '{"added": 7, "updated": 0, "removed": 0, "kept": 0}'
   from ${NUMBERS}`,
  ...['decisions', 'questions'].map(
    (table) => `
   insert into ${table} (meeting_id, extraction_id, position, text, needs_review, fingerprint${table === 'questions' ? ', status' : ''})
   select ${id('m', 'm')}, ${id('e', 'm')}, s, ${SAID}, false, 'x'${table === 'questions' ? `, 'open'` : ''}
   from ${NUMBERS}, generate_series(1, 2) s`,
  ),
  `insert into tasks (meeting_id, extraction_id, name, owner_id, origin, synced_version, created_at)
   select ${id('m', 'm')}, ${id('e', 'm')}, ${SAID}, owner, 'ai', 1, now() - m * interval '1 minute'
   from ${NUMBERS}, generate_series(1, 3) s`,
  `insert into meeting_events (meeting_id, seq, type, data)
   select ${id('m', 'm')}, s, 'status', '{}' from ${NUMBERS}, generate_series(1, 6) s`,
];
