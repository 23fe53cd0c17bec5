import Joi from 'joi';
import { raw } from 'objection';
import type { SpeakerNames } from '../../src/domain/plain-transcript';
import { Extraction } from '../../src/models/extraction';
import { visibleMeetings } from '../access';
import { notFound } from '../errors';
import { paged, presentPage, type PageQuery } from '../paging';
import { extractionWithDiffShape, presentWithDiff } from '../present/diff';
import { extractionShape, presentExtraction } from '../present/extraction';
import { listOf } from '../present/shapes';
import { route, type Call } from '../route';
import { id, idParam, pageQuery } from '../schemas';

/** What may be large stays where it is. */
const COLUMNS = (
  'id version provider model quality prompt_version coverage instructions requested_by request_id created_at counts ' +
  'changes'
).split(' ');

async function list({ deps, caller, params, query }: Call<{ meetingId: string }, PageQuery, object>) {
  const { meetingId } = params;
  await requireMeeting(deps, caller, meetingId);
  const applied = Extraction.query(deps.db).where({ meetingId, state: 'applied' }).select(COLUMNS);
  const page = await paged(applied, query, ['extractions', meetingId]);
  return { status: 200, body: presentPage(page, presentExtraction) };
}

type Caller = Call<object, object, object>['caller'];
type Db = Call<object, object, object>['deps'];

/** @throws AppError `not-found` */
async function requireMeeting(deps: Db, caller: Caller, meetingId: string): Promise<SpeakerNames> {
  const speakers = '(select speakers from transcripts where id = meetings.transcript_id) as speakers';
  const meeting = await visibleMeetings(deps.db, caller)
    .findById(meetingId)
    .select('meetings.id', raw(speakers));
  if (!meeting) throw notFound('meeting');
  return (meeting as unknown as { speakers: SpeakerNames | null }).speakers ?? {};
}

type Version = { meetingId: string; version: number };

async function read({ deps, caller, params: { meetingId, version } }: Call<Version, object, object>) {
  const names = await requireMeeting(deps, caller, meetingId);
  const extraction = await Extraction.query(deps.db)
    .findOne({ meetingId, version, state: 'applied' })
    .select(...COLUMNS, 'diff');
  if (!extraction) throw notFound('extraction');
  return { status: 200, body: presentWithDiff(extraction, names) };
}

/** Plain digits, and no more than the column holds. */
const version = Joi.string()
  .pattern(/^[1-9]\d{0,8}$/, 'whole number')
  .custom(Number)
  .meta({ type: 'integer', minimum: 1, maximum: 999_999_999 });

export const extractionRoutes = [
  route({
    method: 'GET',
    path: '/meeting/:meetingId/extractions',
    operationId: 'listExtractions',
    tag: 'pipeline',
    summary: 'Every reading of the meeting, newest first',
    params: idParam('meetingId'),
    query: Joi.object<PageQuery>(pageQuery),
    responses: { 200: { description: 'A page of extractions', schema: listOf(extractionShape) } },
    handler: list,
  }),
  route({
    method: 'GET',
    path: '/meeting/:meetingId/extractions/:version',
    operationId: 'getExtraction',
    tag: 'pipeline',
    summary: 'One reading, and what it did to each task, decision and question',
    params: Joi.object<Version>({ meetingId: id().required(), version: version.required() }),
    responses: { 200: { description: 'The extraction with its diff', schema: extractionWithDiffShape } },
    handler: read,
  }),
];
