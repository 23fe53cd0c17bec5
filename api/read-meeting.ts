/** Reads a meeting with all that came of it: three queries, however much that is. */
import type { Knex } from 'knex';
import { raw } from 'objection';
import type { Participant, Segment } from '../src/domain/meeting';
import type { SpeakerNames } from '../src/domain/plain-transcript';
import { Decision } from '../src/models/decision';
import { Extraction } from '../src/models/extraction';
import type { Meeting } from '../src/models/meeting';
import { Question } from '../src/models/question';
import { Task } from '../src/models/task';
import type { User } from '../src/models/user';
import { visibleMeetings } from './access';
import { notFound } from './errors';
import { linksOf } from './present/links';
import { presentMeeting, type MeetingView } from './present/meeting';
import type { Deps } from './route';

type Row = Record<string, unknown>;

/** Columns of neighbouring tables, fetched along. */
interface Along {
  people: Participant[];
  speakers: SpeakerNames | null;
  latest: Row | null;
}

const PEOPLE = `(
  select coalesce(json_agg(json_build_object('userId', p.user_id, 'name', p.name, 'email', u.email) order by p.position), '[]')
  from meeting_participants p join users u on u.id = p.user_id where p.meeting_id = meetings.id) as people`;
const SPEAKERS = '(select t.speakers from transcripts t where t.id = meetings.transcript_id) as speakers';
/** `items` and `diff` may be large and are not shown here. */
const LATEST = `(
  select to_jsonb(e) - 'items' - 'diff' from extractions e
  where e.meeting_id = meetings.id and e.state = 'applied' order by e.version desc limit 1) as latest`;

/** Tasks in the order in which they came up; the other two as the extraction put them. */
const ITEMS = `
  select 'task' as kind, to_jsonb(t) as row,
    row_number() over (order by created_at, (evidence->0->>'startMs')::int nulls last, id) as place
  from tasks t where meeting_id = :id and deleted_at is null
  union all select 'decision', to_jsonb(d), position from decisions d where meeting_id = :id
  union all select 'question', to_jsonb(q), position from questions q where meeting_id = :id
  order by place`;

/**
 * The meeting as `GET /meeting/:meetingId` shows it.
 * @throws AppError `not-found`
 */
export async function readMeeting(deps: Deps, caller: User, meetingId: string) {
  const { db } = deps;
  const found = await visibleMeetings(db, caller)
    .findById(meetingId)
    .select('meetings.*', raw(PEOPLE), raw(SPEAKERS), raw(LATEST));
  if (!found) throw notFound('meeting');
  const { people, speakers, latest } = found as Meeting & Along;
  const [segments, items] = await Promise.all([segmentsOf(db, found.transcriptId), itemsOf(db, meetingId)]);
  const view: MeetingView = {
    meeting: found,
    participants: people,
    names: speakers ?? {},
    segments,
    ...items,
    extraction: latest && Extraction.fromDatabaseJson(latest),
    links: await linksOf(found, deps),
  };
  return presentMeeting(view);
}

const SEGMENTS = `
  select id, speaker, start_ms as "startMs", end_ms as "endMs", text, confidence
  from transcript_segments where transcript_id = :transcriptId order by ordinal`;

/** Plain rows: an hour has a thousand segments, and each needs nothing that a model would add. */
async function segmentsOf(db: Knex, transcriptId: string | null): Promise<Segment[]> {
  if (transcriptId === null) return [];
  const { rows } = await db.raw<{ rows: Segment[] }>(SEGMENTS, { transcriptId });
  return rows;
}

async function itemsOf(db: Knex, meetingId: string) {
  const { rows } = await db.raw<{ rows: { kind: string; row: Row }[] }>(ITEMS, { id: meetingId });
  const of = (kind: string) => rows.filter((item) => item.kind === kind).map(({ row }) => row);
  return {
    tasks: of('task').map((row) => Task.fromDatabaseJson(withDates(row))),
    decisions: of('decision').map((row) => Decision.fromDatabaseJson(row)),
    questions: of('question').map((row) => Question.fromDatabaseJson(row)),
  };
}

/** JSON has no dates; the presenter of a task expects those of the driver. */
const withDates = (row: Row): Row => ({
  ...row,
  created_at: new Date(row.created_at as string),
  updated_at: new Date(row.updated_at as string),
  deadline_at: row.deadline_at && new Date(row.deadline_at as string),
});
