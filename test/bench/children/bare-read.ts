/** The baseline of reading: node http and pg, the queries of `GET /meeting/:id`, the same fields, nothing else. */
import { createServer } from 'node:http';
import { Pool } from 'pg';

const HEAD = `
  select m.*,
    (select coalesce(json_agg(json_build_object('userId', p.user_id, 'name', p.name, 'email', u.email) order by p.position), '[]')
     from meeting_participants p join users u on u.id = p.user_id where p.meeting_id = m.id) as people,
    (select t.speakers from transcripts t where t.id = m.transcript_id) as speakers,
    (select to_jsonb(e) - 'items' - 'diff' from extractions e
     where e.meeting_id = m.id and e.state = 'applied' order by e.version desc limit 1) as latest
  from meetings m where m.id = $1 and m.deleted_at is null`;
const SEGMENTS = `
  select id, speaker, start_ms as "startMs", end_ms as "endMs", text, confidence
  from transcript_segments where transcript_id = $1 order by ordinal`;
const ITEMS = `
  select 'task' as kind, to_jsonb(t) as row, row_number() over (order by created_at, id) as place
  from tasks t where meeting_id = $1 and deleted_at is null
  union all select 'decision', to_jsonb(d), position from decisions d where meeting_id = $1
  union all select 'question', to_jsonb(q), position from questions q where meeting_id = $1 order by place`;
const CALLER = 'select * from users limit 1';

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 10 });

interface Head {
  transcript_id: string;
  [column: string]: unknown;
}

async function read(id: string): Promise<string> {
  await pool.query(CALLER);
  const { rows } = await pool.query<Head>(HEAD, [id]);
  const { people, speakers, latest, ...meeting } = rows[0]!;
  const [segments, items] = await Promise.all([
    pool.query(SEGMENTS, [meeting.transcript_id]),
    pool.query<{ kind: string; row: object }>(ITEMS, [id]),
  ]);
  const of = (kind: string) => items.rows.filter((item) => item.kind === kind).map(({ row }) => row);
  return JSON.stringify({
    ...meeting,
    participants: people,
    speakers,
    segments: segments.rows,
    actionItems: of('task'),
    decisions: of('decision'),
    unresolvedQuestions: of('question'),
    extraction: latest,
  });
}

const server = createServer((request, response) => {
  read(request.url!.slice('/meeting/'.length)).then(
    (body) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(body),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.send?.('ready'));
process.once('SIGTERM', () => process.exit());
