import Joi from 'joi';
import { raw } from 'objection';
import { MEETING_STATUSES, type MeetingStatus } from '../../src/domain/meeting';
import type { Meeting } from '../../src/models/meeting';
import { visibleMeetings } from '../access';
import { changeMeeting, type MeetingChange } from '../meeting-changes';
import { paged, presentPage, type PageQuery } from '../paging';
import { headShape, meetingShape, presentHead } from '../present/meeting';
import { count, listOf } from '../present/shapes';
import { readMeeting } from '../read-meeting';
import { route, type Call, type Reply } from '../route';
import { email, idParam, pageQuery, words } from '../schemas';

interface ListQuery extends PageQuery {
  q?: string;
  status?: MeetingStatus;
}
type ById<Body = object> = Call<{ meetingId: string }, object, Body>;

const listQuery = Joi.object<ListQuery>({
  ...pageQuery,
  q: words(200),
  status: Joi.string().valid(...MEETING_STATUSES),
});

const summaryShape = Joi.object({
  ...headShape,
  counts: Joi.object({ actionItems: count, decisions: count, unresolvedQuestions: count }),
}).meta({ title: 'MeetingSummary' });

/** Without the transcript, which may be long. */
const COLUMNS = ['id', 'title', 'status', 'failure', 'recorded_at', 'duration_ms', 'created_at'];
const COUNTS = `json_build_object(
  'actionItems', (select count(*) from tasks where meeting_id = meetings.id and deleted_at is null),
  'decisions', (select count(*) from decisions where meeting_id = meetings.id),
  'unresolvedQuestions', (select count(*) from questions where meeting_id = meetings.id)) as counts`;

type Summary = Meeting & { counts: { actionItems: number; decisions: number; unresolvedQuestions: number } };

async function list({ deps, caller, query }: Call<object, ListQuery, object>) {
  const { q, status } = query;
  const meetings = visibleMeetings(deps.db, caller).select(
    COLUMNS.map((column) => `meetings.${column}`),
    raw(COUNTS),
  );
  if (status) void meetings.where('meetings.status', status);
  if (q) void meetings.whereRaw(`to_tsvector('simple', title) @@ plainto_tsquery('simple', ?)`, [q]);
  const page = await paged(meetings, query, ['meetings', q, status]);
  return {
    status: 200,
    body: presentPage(page, (meeting) => ({ ...presentHead(meeting), counts: (meeting as Summary).counts })),
  };
}

async function read({ deps, caller, params }: ById): Promise<Reply> {
  return { status: 200, body: await readMeeting(deps, caller, params.meetingId), conditional: true };
}

async function change({ deps, caller, params: { meetingId }, body }: ById<MeetingChange>) {
  await changeMeeting(deps.db, caller, meetingId, body);
  return { status: 200, body: await readMeeting(deps, caller, meetingId) };
}

const person = Joi.object({ name: words(200).required(), email: email().required() }).meta({
  title: 'Person',
});

const meetingChange = Joi.object<MeetingChange>({
  title: words(300),
  participants: Joi.array().items(person).max(500).allow(null),
  speakers: Joi.object().pattern(Joi.string().max(200), words(200).allow(null)),
}).meta({ title: 'MeetingChange' });

export const meetingRoutes = [
  route({
    method: 'GET',
    path: '/meetings',
    operationId: 'listMeetings',
    tag: 'meetings',
    summary: 'Meetings, newest first',
    query: listQuery,
    responses: { 200: { description: 'A page of meetings', schema: listOf(summaryShape) } },
    handler: list,
  }),
  route({
    method: 'GET',
    path: '/meeting/:meetingId',
    operationId: 'getMeeting',
    tag: 'meetings',
    summary: 'A meeting with transcript, action items, decisions and unresolved questions',
    params: idParam('meetingId'),
    headers: ['If-None-Match'],
    responses: {
      200: { description: 'The meeting', schema: meetingShape, headers: ['ETag'] },
      304: { description: 'As in If-None-Match' },
    },
    handler: read,
  }),
  route({
    method: 'PATCH',
    path: '/meeting/:meetingId',
    operationId: 'changeMeeting',
    tag: 'meetings',
    summary: 'Changes title and participants, names speakers; absent = unchanged, null = clear',
    params: idParam('meetingId'),
    body: meetingChange,
    responses: { 200: { description: 'The meeting as it is now', schema: meetingShape } },
    handler: change,
  }),
];
