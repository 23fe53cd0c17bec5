/** Finds words in what was said and in what came of it, newest meetings first. */
import type { Knex } from 'knex';
import type { SpeakerNames } from '../src/domain/plain-transcript';
import type { User } from '../src/models/user';
import { visibleMeetings, visibleTasks } from './access';
import {
  cursorInvalid,
  decodeCursor,
  encodeCursor,
  isInstant,
  KEY_FORMAT,
  type Page,
  type PageQuery,
} from './paging';

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
 * Words that were said more often than this are looked for meeting by meeting, newest first: a page is full long before
 * the oldest. Rarer ones come from the indexes of words and are sorted.
 */
const COMMON = 5000;
/** So many meetings at once, until a page is full. */
const BLOCKS = [10, 100, 2_000, 1_000_000_000];

const QUERY = `websearch_to_tsquery('simple', :q)`;
/** Only segments, of which there are many, keep their words ready to be compared. */
const SAID = `words @@ ${QUERY}`;
const has = (column: string) => `to_tsvector('simple', ${column}) @@ ${QUERY}`;

/** As many as need be looked at to know whether the words are common. */
const HITS = `select id, transcript_id, ordinal, speaker, start_ms, text from transcript_segments
  where ${SAID} limit ${COMMON + 1}`;
const GUESS = `explain (format json) select from transcript_segments where ${SAID}`;

/** Of the rows below, which come in descending order of it. */
const KEY = '(at, home, rank, place, id)';
const AFTER = '(:at::timestamptz, :home::uuid, :rank::int, :place::int, :id::uuid)';

/** What is shown of `i`, found in the meeting `m`; all kinds have the same columns. */
const shown = (kind: string, rank: number, speaker: string, words: string, place: string) =>
  `'${kind}' as kind, i.id, m.id as meeting_id, m.title, ${speaker}, ${words} as text,
   m.created_at as at, m.id as home, ${rank} as rank, ${place} as place`;
const CITED = `i.evidence->0->>'speaker' as speaker, (i.evidence->0->>'startMs')::int as start_ms`;

const SEGMENT = shown('segment', 0, 'i.speaker, i.start_ms', 'i.text', '-i.ordinal');
const QUESTION = shown('question', 1, CITED, 'i.text', '-i.position');
const DECISION = shown('decision', 2, CITED, 'i.text', '-i.position');
const TASK = shown('task', 3, CITED, 'i.name', '0');

/** Tasks of no meeting, or of one that the caller may not read: asked task by task. */
const LOOSE_TASKS = `
  select 'task', i.id, null::uuid, null, ${CITED}, i.name, i.created_at, i.id, 3, 0 from readable_tasks i
  where ${has('i.name')} and not exists (select from visible where id = i.meeting_id offset 0)`;

/** "offset 0" keeps the planner from turning these inside out. */
const RARE = `
  select ${SEGMENT} from said i
    join visible m on m.transcript_id = i.transcript_id
  union all select ${QUESTION} from (select * from questions where ${has('text')} offset 0) i
    join visible m on m.id = i.meeting_id
  union all select ${DECISION} from (select * from decisions where ${has('text')} offset 0) i
    join visible m on m.id = i.meeting_id
  union all select ${TASK} from (select * from readable_tasks where ${has('name')} offset 0) i
    join visible m on m.id = i.meeting_id
  union all ${LOOSE_TASKS}`;

const inEach = (table: string, key: string, condition: string) =>
  `block m cross join lateral (select * from ${table} where ${key} and ${condition} offset 0) i`;

const BLOCK = `block as materialized (
  select * from visible where (created_at, id) <= (:at::timestamptz, :home::uuid)
  order by created_at desc, id desc limit :block)`;

/** Everything in a block of meetings, and the loose tasks that belong between them. */
const EVERYWHERE = `
  select ${SEGMENT} from ${inEach('transcript_segments', 'transcript_id = m.transcript_id', SAID)}
  union all select ${QUESTION} from ${inEach('questions', 'meeting_id = m.id', has('text'))}
  union all select ${DECISION} from ${inEach('decisions', 'meeting_id = m.id', has('text'))}
  union all select ${TASK} from ${inEach('readable_tasks', 'meeting_id = m.id', has('name'))}
  union all ${LOOSE_TASKS} and i.created_at >= (
    select case when count(*) < :block then '-infinity' else min(created_at) end from block)`;

/**
 * One row at least, of which all but `hits` is null when nothing was found. A part of `with` that is not asked for is not
 * carried out.
 */
const page = (found: string, hits: string) => `
  with visible as not materialized (:meetings), readable_tasks as not materialized (:tasks), ${BLOCK},
    said as materialized (${HITS})
  select hits, page.kind, page.id, page.meeting_id as "meetingId", page.title as "meetingTitle", page.speaker,
    page.start_ms as "startMs", page.text, t.speakers as names,
    to_char(at at time zone 'UTC', :format) as "keyAt", home, rank, place
  from (${hits}) counted left join (
    select * from (${found}) found where ${KEY} < ${AFTER}
    order by at desc, home desc, rank desc, place desc, id desc limit :limit
  ) page on true
  left join meetings m on m.id = page.meeting_id
  left join transcripts t on t.id = m.transcript_id
  order by at desc, home desc, rank desc, place desc, page.id desc`;

const AMONG_RARE = page(RARE, 'select count(*)::int as hits from said');
const AMONG_ALL = page(EVERYWHERE, 'select 0 as hits');

type Row = Found & { keyAt: string; home: string; rank: number; place: number };
type Key = Record<'at' | 'home' | 'rank' | 'place' | 'id', string>;

const NOBODY = '00000000-0000-0000-0000-000000000000';
const START: Key = { at: 'infinity', home: NOBODY, rank: '0', place: '0', id: NOBODY };

const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const KEYS = new RegExp(
  `^(?<at>\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{6}Z) (?<home>${ID}) (?<rank>\\d{1,9}) (?<place>-?\\d{1,9}) (?<id>${ID})$`,
);

function keyOf(cursor: string, list: string): Key {
  const { groups } = KEYS.exec(decodeCursor(cursor, list)) ?? {};
  if (!groups || !isInstant(groups.at!)) throw cursorInvalid();
  return groups as Key;
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
  const rows = await find(db, caller, {
    ...(cursor === undefined ? START : keyOf(cursor, list)),
    q,
    limit: limit + 1,
    format: KEY_FORMAT,
  });
  const last = rows.length > limit ? rows[limit - 1]! : null;
  const key = last && [last.keyAt, last.home, last.rank, last.place, last.id].join(' ');
  return { rows: rows.slice(0, limit), nextCursor: key && encodeCursor(key, list) };
}

async function find(db: Knex, caller: User, asked: Key & { q: string; limit: number; format: string }) {
  const scope = {
    meetings: visibleMeetings(db, caller)
      .select('meetings.id', 'meetings.created_at', 'meetings.title', 'meetings.transcript_id')
      .toKnexQuery(),
    tasks: visibleTasks(db, caller).select('tasks.*').toKnexQuery(),
  };
  const run = async (statement: string, block: number) => {
    const { rows } = await db.raw<{ rows: (Row & { hits: number })[] }>(statement, {
      ...asked,
      ...scope,
      block,
    });
    return { hits: rows[0]!.hits, rows: rows.filter(({ id }) => id !== null) };
  };
  const inBlocks = async (blocks: readonly number[]) => {
    let rows: Row[] = [];
    for (const block of blocks) {
      ({ rows } = await run(AMONG_ALL, block));
      if (rows.length === asked.limit) break;
    }
    return rows;
  };
  // A guess that is wrong costs some milliseconds.
  if ((await guess(db, asked.q)) > COMMON) {
    const newest = await inBlocks(BLOCKS.slice(0, 1));
    if (newest.length === asked.limit) return newest;
  }
  const { hits, rows } = await run(AMONG_RARE, 0);
  return hits > COMMON ? inBlocks(BLOCKS) : rows;
}

/** How often the planner believes that the words were said: it knows the frequent ones. */
async function guess(db: Knex, q: string): Promise<number> {
  const { rows } = await db.raw<{ rows: [{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }] }>(GUESS, {
    q,
  });
  return rows[0]['QUERY PLAN'][0].Plan['Plan Rows'];
}
