/** Reads a meeting with all that came of it: one query, so that all of it is of one moment. */
import { raw } from 'objection';
import type { Participant } from '../src/domain/meeting';
import type { SpeakerNames } from '../src/domain/plain-transcript';
import { Decision } from '../src/models/decision';
import { Extraction } from '../src/models/extraction';
import type { Meeting } from '../src/models/meeting';
import { Question } from '../src/models/question';
import { Task } from '../src/models/task';
import type { User } from '../src/models/user';
import { visibleMeetings } from './access';
import { notFound } from './errors';
import { JsonText } from './json-text';
import { linksOf } from './present/links';
import { presentMeeting, type MeetingView } from './present/meeting';
import type { Deps } from './route';

type Row = Record<string, unknown>;

/** Columns of neighbouring tables, fetched along. */
interface Along {
  people: Participant[];
  speakers: SpeakerNames | null;
  latest: Row | null;
  segments: string | null;
  items: { kind: string; row: Row }[];
}

const PEOPLE = `(
  select coalesce(json_agg(json_build_object('userId', p.user_id, 'name', p.name, 'email', u.email) order by p.position), '[]')
  from meeting_participants p join users u on u.id = p.user_id where p.meeting_id = meetings.id) as people`;
const SPEAKERS = '(select t.speakers from transcripts t where t.id = meetings.transcript_id) as speakers';
/** `items` and `diff` may be large and are not shown here. */
const LATEST = `(
  select to_jsonb(e) - 'items' - 'diff' from extractions e
  where e.meeting_id = meetings.id and e.state = 'applied' order by e.version desc limit 1) as latest`;

/**
 * An hour has a thousand segments: written as JSON where they are, each with the name that its label stands for.
 * `segmentShape` of the presenter describes it.
 */
const SEGMENTS = `(
  select json_agg(s)::text from (
    select s.id, coalesce(t.speakers -> s.speaker ->> 'name', s.speaker) as speaker, s.start_ms as "startMs",
      s.end_ms as "endMs", s.text, s.confidence
    from transcripts t join transcript_segments s on s.transcript_id = t.id
    where t.id = meetings.transcript_id order by s.ordinal
  ) s) as segments`;

/** Tasks in the order in which they were said, those of one extraction; the other two as the extraction put them. */
const ITEMS = `(
  select coalesce(json_agg(json_build_object('kind', kind, 'row', row) order by place), '[]') from (
    select 'task' as kind, row_to_json(t) as row,
      row_number() over (order by created_at, said.ordinal nulls last, t.id) as place
    from tasks t left join transcript_segments said on said.id = (t.evidence->0->>'segmentId')::uuid
    where meeting_id = meetings.id and deleted_at is null
    union all select 'decision', row_to_json(d), position from decisions d where meeting_id = meetings.id
    union all select 'question', row_to_json(q), position from questions q where meeting_id = meetings.id
  ) items) as items`;

/**
 * The meeting as `GET /meeting/:meetingId` shows it.
 * @throws AppError `not-found`
 */
export async function readMeeting(deps: Deps, caller: User, meetingId: string) {
  const found = await visibleMeetings(deps.db, caller)
    .findById(meetingId)
    .select('meetings.*', raw(PEOPLE), raw(SPEAKERS), raw(LATEST), raw(SEGMENTS), raw(ITEMS));
  if (!found) throw notFound('meeting');
  const { people, speakers, latest, segments, items } = found as Meeting & Along;
  const view: MeetingView = {
    meeting: found,
    participants: people,
    names: speakers ?? {},
    segments: new JsonText(segments ?? '[]'),
    ...byKind(items),
    extraction: latest && Extraction.fromDatabaseJson(latest),
    links: await linksOf(found, deps),
  };
  return presentMeeting(view);
}

function byKind(items: Along['items']) {
  const of = (kind: string) => items.filter((item) => item.kind === kind).map(({ row }) => row);
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
