/** Finds words in what was said and in what came of it, newest meetings first. */
import type { Knex } from 'knex';
import type { SpeakerNames } from '../src/domain/plain-transcript';
import type { User } from '../src/models/user';
import { visibleMeetings, visibleTasks } from './access';
import { decodeCursor, encodeCursor, KEY_FORMAT, type Page, type PageQuery } from './paging';

export interface SearchQuery extends PageQuery {
  q: string;
}

export interface Found {
  kind: 'segment' | 'task' | 'decision' | 'question';
  id: string;
  /** null with its title: a task of no meeting. */
  meetingId: string | null;
  meetingTitle: string | null;
  speaker: string | null;
  startMs: number | null;
  text: string;
  /** Who the speaker labels of the meeting are. */
  names: SpeakerNames | null;
}

/**
 * Words that stand in more segments than this are looked for meeting by meeting, newest first: a page is full long
 * before the oldest. Rarer ones come from the index and are sorted; so many take some 20 ms.
 */
const COMMON = 5000;

const QUERY = `websearch_to_tsquery('simple', :q)`;
const has = (column: string) => `to_tsvector('simple', ${column}) @@ ${QUERY}`;

/** Of the rows below, which come in descending order of it. */
const KEY = '(at, home, rank, place, id)';
const DESCENDING = 'at desc, home desc, rank desc, place desc, id desc';

const AFTER = '(:at::timestamptz, :home::uuid, :rank::int, :place::int, :id::uuid)';

/** The segments of a meeting's current transcript. */
const SEGMENT = `'segment' as kind, s.id, v.id as meeting_id, v.title, s.speaker, s.start_ms, s.text,
  v.created_at as at, v.id as home, 0 as rank, -s.ordinal as place`;

const RARE_SEGMENTS = `
  select ${SEGMENT} from visible v join (
    select * from transcript_segments where ${has('text')} limit ${COMMON}
  ) s on s.transcript_id = v.transcript_id`;

/** "offset 0" keeps the planner from turning it inside out. */
const COMMON_SEGMENTS = `
  (select ${SEGMENT}
   from (select * from visible where (created_at, id) <= (:at::timestamptz, :home::uuid) order by created_at desc, id desc offset 0) v
   cross join lateral (
     select * from transcript_segments where transcript_id = v.transcript_id and ${has('text')} offset 0
   ) s
   where (v.created_at, v.id, 0, -s.ordinal, s.id) < ${AFTER}
   order by v.created_at desc, v.id desc, s.ordinal
   limit :limit)`;

const item = (kind: string, table: string, rank: number) => `
  select '${kind}', i.id, v.id, v.title, i.evidence->0->>'speaker', (i.evidence->0->>'startMs')::int, i.text,
    v.created_at, v.id, ${rank}, -i.position
  from visible v join (select * from ${table} where ${has('text')}) i on i.meeting_id = v.id`;

const TASKS = `
  select 'task', i.id, i.meeting_id, m.title, i.evidence->0->>'speaker', (i.evidence->0->>'startMs')::int, i.name,
    coalesce(m.created_at, i.created_at), coalesce(m.id, i.id), 3, 0
  from (select * from visible_tasks where ${has('name')}) i left join meetings m on m.id = i.meeting_id`;

const statement = (segments: string) => `
  with visible as not materialized (:meetings), visible_tasks as not materialized (:tasks)
  select page.kind, page.id, page.meeting_id as "meetingId", page.title as "meetingTitle", page.speaker,
    page.start_ms as "startMs", page.text, t.speakers as names,
    to_char(at at time zone 'UTC', :format) as "keyAt", home, rank, place
  from (
    select * from (${segments} union all ${TASKS}
      union all ${item('decision', 'decisions', 2)} union all ${item('question', 'questions', 1)}) found
    where ${KEY} < ${AFTER}
    order by ${DESCENDING}
    limit :limit
  ) page
  left join meetings m on m.id = page.meeting_id
  left join transcripts t on t.id = m.transcript_id
  order by at desc, home desc, rank desc, place desc, page.id desc`;

type Row = Found & { keyAt: string; home: string; rank: number; place: number };
type Key = Record<'at' | 'home' | 'rank' | 'place' | 'id', string>;

const NOBODY = '00000000-0000-0000-0000-000000000000';
const START: Key = { at: 'infinity', home: NOBODY, rank: '0', place: '0', id: NOBODY };

function keyOf(cursor: string, list: string): Key {
  const [at, home, rank, place, id] = decodeCursor(cursor, list).split(' ') as [
    string,
    string,
    string,
    string,
    string,
  ];
  return { at, home, rank, place, id };
}

/**
 * One page of what the caller may read. `q` as in a web search: all words, "a phrase", -not this.
 * @throws AppError `cursor-invalid`
 */
export async function search(
  db: Knex,
  caller: User,
  { q, limit, cursor }: SearchQuery,
): Promise<Page<Found>> {
  const list = JSON.stringify(['search', q]);
  const after = cursor === undefined ? START : keyOf(cursor, list);
  const { rows } = await db.raw<{ rows: Row[] }>(
    statement((await isCommon(db, q)) ? COMMON_SEGMENTS : RARE_SEGMENTS),
    {
      ...after,
      q,
      limit: limit + 1,
      format: KEY_FORMAT,
      meetings: visibleMeetings(db, caller)
        .select('meetings.id', 'meetings.created_at', 'meetings.title', 'meetings.transcript_id')
        .toKnexQuery(),
      tasks: visibleTasks(db, caller).select('tasks.*').toKnexQuery(),
    },
  );
  const last = rows.length > limit ? rows[limit - 1]! : null;
  const key = last && [last.keyAt, last.home, last.rank, last.place, last.id].join(' ');
  return { rows: rows.slice(0, limit), nextCursor: key && encodeCursor(key, list) };
}

async function isCommon(db: Knex, q: string): Promise<boolean> {
  const { rows } = await db.raw<{ rows: [{ found: string }] }>(
    `select count(*) as found from (select from transcript_segments where ${has('text')} limit ${COMMON + 1}) s`,
    { q },
  );
  return Number(rows[0].found) > COMMON;
}
