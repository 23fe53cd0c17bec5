import Joi from 'joi';
import { failpoint } from '../../src/failpoint';
import { Meeting } from '../../src/models/meeting';
import { Request } from '../../src/models/request';
import type { Upload } from '../../src/models/upload';
import { startPipeline } from '../../src/temporal/runs';
import { linksOf, linksShape } from '../present/links';
import { route, type Call, type Deps } from '../route';
import { tellTemporal } from '../tell-temporal';
import { uploadFields } from '../upload/fields';
import { abandon, openLease, RENEW_MS, renewLease } from '../upload/lease';
import { receive, refuseEarly } from '../upload/receive';
import { storeMeeting } from '../upload/store-meeting';

type UploadCall = Call<object, object, never>;

async function upload(call: UploadCall) {
  const { deps, koa } = call;
  refuseEarly(koa, deps.config.server.maxUploadBytes);
  const meeting = await receiveMeeting(call);
  await failpoint('row-committed');
  await startRun(deps, meeting);
  await failpoint('workflow-started');
  const { id: meetingId, status, title } = meeting;
  const links = await linksOf(meeting, deps);
  return { status: 201, headers: { Location: links.self }, body: { meetingId, status, title, links } };
}

/** Leaves nothing behind unless it succeeds. */
async function receiveMeeting({ deps, koa, caller }: UploadCall): Promise<Meeting> {
  const { db, mediaStore: store, config } = deps;
  const lease = await openLease(db, caller.id);
  try {
    const { fields, file } = await receive(koa, {
      store,
      key: lease.mediaKey,
      maxBytes: config.server.maxUploadBytes,
      onProgress: renewing(deps, lease),
    });
    await failpoint('stored');
    return await storeMeeting(deps, { lease, fields: uploadFields(fields), file, caller });
  } catch (error) {
    await abandon(db, store, lease).catch((err: unknown) => {
      deps.log.warn({ err, uploadId: lease.id }, 'an upload that failed is left to the sweep');
    });
    throw error;
  }
}

function renewing({ db, log }: Deps, lease: Upload): () => void {
  let renewedAt = Date.now();
  return () => {
    if (Date.now() - renewedAt < RENEW_MS) return;
    renewedAt = Date.now();
    renewLease(db, lease).catch((err: unknown) =>
      log.warn({ err }, 'the lease of an upload was not renewed'),
    );
  };
}

/** Temporal away = still 201: the catch-up loop starts the run. */
async function startRun(deps: Deps, meeting: Meeting): Promise<void> {
  const told = await tellTemporal(deps, () => startPipeline(deps.temporal, meeting), {
    meetingId: meeting.id,
  });
  if (!told) return;
  const now = new Date();
  try {
    await Meeting.query(deps.db).findById(meeting.id).patch({ runStartedAt: now });
    await Request.query(deps.db)
      .where({ meetingId: meeting.id })
      .whereNull('signalledAt')
      .patch({ signalledAt: now });
  } catch (err) {
    // The meeting is stored and its run goes: the loop finds that out, the client need not upload again.
    deps.log.warn({ err, meetingId: meeting.id }, 'a started run was not written down');
  }
}

const uploadedShape = Joi.object({
  meetingId: Joi.string().uuid(),
  status: Joi.string(),
  title: Joi.string(),
  links: linksShape,
}).meta({ title: 'Uploaded' });

export const uploadRoutes = [
  route({
    method: 'POST',
    path: '/upload',
    summary: 'Takes a recording or a ready transcript and starts its pipeline',
    rawBody: { contentType: 'multipart/form-data' },
    responses: { 201: { description: 'Stored; the pipeline starts', schema: uploadedShape } },
    handler: upload,
  }),
];
