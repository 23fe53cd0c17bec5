/** Asking the pipeline of a meeting for more: transcribe, extract, cancel. */
import { randomUUID } from 'node:crypto';
import Joi from 'joi';
import { MEETING_STATUSES } from '../../src/domain/meeting';
import type { Meeting } from '../../src/models/meeting';
import { changeableMeetings } from '../access';
import { AppError, notFound } from '../errors';
import { linksOf, linksShape } from '../present/links';
import { meetingShape } from '../present/meeting';
import { uuid } from '../present/shapes';
import { readMeeting } from '../read-meeting';
import { isFinished, isTranscriptComing, requestOf, type NewRequest } from '../requests';
import { route, type Call, type Reply } from '../route';
import { idParam, language, words } from '../schemas';
import { preferredWaitMs, waitUntil } from '../waiting';

type ById<Body> = Call<{ meetingId: string }, object, Body>;
type Wish = Omit<NewRequest, 'requestId' | 'requestedBy'>;

async function transcribe(call: ById<{ language?: string | null }>): Promise<Reply> {
  const meeting = await meetingToChange(call);
  if (meeting.mediaKey === null) {
    throw new AppError('no-media', 'The transcript was uploaded ready: there is nothing to listen to.');
  }
  return ask(call, meeting, { kind: 'transcribe', language: call.body.language ?? null });
}

async function extract(call: ById<{ instructions?: string | null }>): Promise<Reply> {
  const meeting = await meetingToChange(call);
  if (meeting.transcriptId === null && !(await isTranscriptComing(call.deps, meeting))) {
    throw new AppError('no-transcript', 'Transcribe the meeting first.');
  }
  return ask(call, meeting, { kind: 'extract', instructions: call.body.instructions ?? null });
}

async function cancel(call: ById<object>): Promise<Reply> {
  const { reply } = await take(call, await meetingToChange(call), { kind: 'cancel' });
  return reply;
}

async function meetingToChange({ deps, caller, params }: ById<object>): Promise<Meeting> {
  const meeting = await changeableMeetings(deps.db, caller).findById(params.meetingId);
  if (!meeting) throw notFound('meeting');
  return meeting;
}

/** 202 at once; or, when the client would rather wait and it is done in time, 200 and the meeting. */
async function ask(call: ById<object>, meeting: Meeting, wish: Wish): Promise<Reply> {
  const { deps, caller, koa } = call;
  const { requestId, reply } = await take(call, meeting, wish);
  const waits = preferredWaitMs(koa) > 0;
  const done = waits && (await waitUntil(() => isFinished(deps, meeting.id, requestId), koa, deps));
  if (!done) return reply;
  const headers = { 'Preference-Applied': 'wait' };
  return { status: 200, headers, body: await readMeeting(deps, caller, meeting.id) };
}

/** The 202 is what a repeated request gets as well, whether or not the first one waited. */
async function take(call: ById<object>, meeting: Meeting, wish: Wish) {
  const { deps, caller, claim } = call;
  const { id: meetingId, status } = meeting;
  const requestId = randomUUID();
  const links = await linksOf(meeting, deps);
  const reply: Reply = { status: 202, body: { meetingId, status, requestId, links } };
  await requestOf(deps, meeting, { ...wish, requestId, requestedBy: caller.id }, (trx) =>
    claim.keep(trx, reply, { meetingId }),
  );
  return { requestId, reply };
}

const acceptedShape = Joi.object({
  meetingId: uuid,
  status: Joi.string().valid(...MEETING_STATUSES),
  requestId: uuid,
  links: linksShape,
}).meta({ title: 'Accepted' });

const responses = {
  200: {
    description: 'With Prefer: wait: done, and the meeting',
    schema: meetingShape,
    headers: ['Preference-Applied' as const],
  },
  202: { description: 'Taken', schema: acceptedShape },
};

export const workRoutes = [
  route({
    method: 'POST',
    path: '/transcribe/:meetingId',
    operationId: 'transcribeMeeting',
    tag: 'pipeline',
    summary: 'Hears the recording (again), then extracts',
    idempotent: true,
    params: idParam('meetingId'),
    headers: ['Prefer'],
    body: Joi.object<{ language?: string | null }>({ language: language().allow(null) }),
    responses,
    handler: transcribe,
  }),
  route({
    method: 'POST',
    path: '/extract/:meetingId',
    operationId: 'extractMeeting',
    tag: 'pipeline',
    summary: 'Reads the transcript (again) for decisions, action items and unresolved questions',
    idempotent: true,
    params: idParam('meetingId'),
    headers: ['Prefer'],
    body: Joi.object<{ instructions?: string | null }>({ instructions: words(4000).allow(null) }),
    responses,
    handler: extract,
  }),
  route({
    method: 'POST',
    path: '/meeting/:meetingId/cancel',
    operationId: 'cancelMeeting',
    tag: 'pipeline',
    summary: 'Stops what runs; nothing that is there already is removed',
    idempotent: true,
    params: idParam('meetingId'),
    responses: { 202: responses[202] },
    handler: cancel,
  }),
];
