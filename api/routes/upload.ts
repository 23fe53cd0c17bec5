import Joi from 'joi';
import { MEETING_STATUSES } from '../../src/domain/meeting';
import { failpoint } from '../../src/failpoint';
import { Meeting } from '../../src/models/meeting';
import { startPipeline } from '../../src/temporal/runs';
import type { FirstRequest } from '../../workflows/messages';
import { linksOf, linksShape } from '../present/links';
import { route, type Call, type Deps, type Reply } from '../route';
import { tellTemporal } from '../tell-temporal';
import { uploadFields, uploadForm } from '../upload/fields';
import { LeasedObject, RENEW_MS } from '../upload/lease';
import { hashOnly } from '../upload/hash-only';
import { receive, refuseEarly, type Received } from '../upload/receive';
import { storeMeeting } from '../upload/store-meeting';

type UploadCall = Call<object, object, never>;

async function upload(call: UploadCall): Promise<Reply> {
  const { deps, koa, claim } = call;
  const { maxUploadBytes: maxBytes } = deps.config.server;
  refuseEarly(koa, maxBytes);
  if (claim.answer) {
    const again = await receive(koa, { object: hashOnly, maxBytes, onProgress: () => undefined });
    claim.match(contentOf(again));
    return claim.answer;
  }
  const { meeting, first, reply } = await receiveMeeting(call, maxBytes);
  await failpoint('row-committed');
  await startRun(deps, meeting, first);
  await failpoint('workflow-started');
  return reply;
}

/** Leaves nothing behind unless it succeeds. */
async function receiveMeeting({ deps, koa, caller, claim }: UploadCall, maxBytes: number) {
  const { db, mediaStore } = deps;
  const object = new LeasedObject(db, mediaStore, caller.id);
  try {
    const received = await receive(koa, { object, maxBytes, onProgress: renewing(deps, object) });
    await failpoint('stored');
    const content = contentOf(received);
    claim.match(content);
    const { fields } = content;
    return await Meeting.transaction(db, async (trx) => {
      const { meeting, first } = await storeMeeting(trx, { object, fields, file: received.file, caller });
      const reply = await uploaded(meeting, { ...deps, db: trx });
      await claim.keep(trx, reply, { meetingId: meeting.id });
      return { meeting, first, reply };
    });
  } catch (error) {
    await object.abandon().catch((err: unknown) => {
      deps.log.warn({ err, uploadId: object.lease?.id }, 'an upload that failed is left to the sweep');
    });
    throw error;
  }
}

/** What makes an upload the same as another. */
const contentOf = ({ fields, file: { name, bytes, sha256 } }: Received) => ({
  fields: uploadFields(fields),
  name,
  bytes,
  sha256,
});

async function uploaded(meeting: Meeting, deps: Deps): Promise<Reply> {
  const { id: meetingId, status, title } = meeting;
  const links = await linksOf(meeting, deps);
  return { status: 201, headers: { Location: links.self }, body: { meetingId, status, title, links } };
}

function renewing({ log }: Deps, object: LeasedObject): () => void {
  let renewedAt = Date.now();
  return () => {
    if (Date.now() - renewedAt < RENEW_MS) return;
    renewedAt = Date.now();
    object.renew().catch((err: unknown) => log.warn({ err }, 'the lease of an upload was not renewed'));
  };
}

/** Temporal away = still 201: the catch-up loop starts the run. */
async function startRun(deps: Deps, meeting: Meeting, first: FirstRequest): Promise<void> {
  const meetingId = meeting.id;
  const start = () => startPipeline(deps.temporal, meeting, first);
  const note = () => Meeting.query(deps.db).findById(meetingId).patch({ runStartedAt: new Date() });
  await tellTemporal(deps, start, { meetingId }, note);
}

const uploadedShape = Joi.object({
  meetingId: Joi.string().uuid(),
  status: Joi.string().valid(...MEETING_STATUSES),
  title: Joi.string(),
  links: linksShape,
}).meta({ title: 'Uploaded' });

export const uploadRoutes = [
  route({
    method: 'POST',
    path: '/upload',
    operationId: 'uploadMeeting',
    tag: 'meetings',
    summary: 'Takes a recording or a ready transcript and starts its pipeline',
    description:
      'The body may be as large as the server is set to take; a ready transcript (.vtt .srt .txt .json) has at most ' +
      '20 MB. What it is, is seen from its bytes, not its name.',
    idempotent: true,
    rawBody: { contentType: 'multipart/form-data', schema: uploadForm },
    responses: {
      201: { description: 'Stored; the pipeline starts', schema: uploadedShape, headers: ['Location'] },
    },
    handler: upload,
  }),
];
