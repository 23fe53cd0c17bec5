import type { Readable } from 'node:stream';
import contentDisposition from 'content-disposition';
import Joi from 'joi';
import { Meeting } from '../../src/models/meeting';
import { visibleMeetings } from '../access';
import { byteRange, type ByteRange } from '../byte-range';
import { fileStem } from '../file-stem';
import { AppError, notFound } from '../errors';
import { bringsTicket, requireTicket } from '../media-ticket';
import { route, type Call, type Deps, type Reply } from '../route';
import { idParam } from '../schemas';
import { storeProblem } from '../store-problem';

/** Longer than a player needs to begin, shorter than a link is of use to somebody else. */
const URL_TTL_SECONDS = 300;

type Stored = Meeting & { mediaKey: string; mediaBytes: string; mediaType: string; mediaSha256: string };

type MediaCall = Call<{ meetingId: string }, { ticket?: string }, never>;

async function media(call: MediaCall): Promise<Reply> {
  const { deps } = call;
  const meeting = await openedMeeting(call);
  if (!meeting) throw notFound('meeting');
  if (meeting.mediaKey === null) throw notFound('recording');
  const stored = meeting as Stored;
  const url = await deps.mediaStore.signedUrl(stored.mediaKey, {
    ttlSeconds: URL_TTL_SECONDS,
    downloadName: downloadName(stored),
  });
  if (url === null) return stream(call, stored);
  return { status: 302, headers: { Location: url, 'Cache-Control': 'no-store' } };
}

/** By a ticket, or by who calls. */
async function openedMeeting({ deps, caller, params, query, koa }: MediaCall): Promise<Meeting | undefined> {
  if (!bringsTicket(koa)) return visibleMeetings(deps.db, caller).findById(params.meetingId);
  await requireTicket(deps.db, params.meetingId, query.ticket ?? '');
  return Meeting.query(deps.db).findById(params.meetingId).whereNull('deleted_at');
}

async function stream({ deps, koa }: Pick<Call<never, never, never>, 'deps' | 'koa'>, meeting: Stored) {
  const total = Number(meeting.mediaBytes);
  const etag = `"${meeting.mediaSha256}"`;
  const headers = {
    'Content-Type': meeting.mediaType,
    'Content-Disposition': contentDisposition(downloadName(meeting), { type: 'attachment' }),
    'X-Content-Type-Options': 'nosniff',
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, no-cache',
    ETag: etag,
  };
  if (koa.get('If-None-Match') === etag) return { status: 304, headers };
  const condition = koa.get('If-Range');
  const range = condition && condition !== etag ? null : byteRange(koa.get('Range'), total);
  if (range === 'unsatisfiable') {
    throw new AppError('range-not-satisfiable', `The recording has ${total} bytes.`, [], {
      'Content-Range': `bytes */${total}`,
    });
  }
  const body = await read(deps, meeting, range);
  if (!range) return { status: 200, body, headers: { ...headers, 'Content-Length': String(total) } };
  const length = String(range.end - range.start + 1);
  const part = { 'Content-Range': `bytes ${range.start}-${range.end}/${total}`, 'Content-Length': length };
  return { status: 206, body, headers: { ...headers, ...part } };
}

async function read({ mediaStore }: Deps, { mediaKey }: Stored, range: ByteRange | null): Promise<Readable> {
  try {
    return await mediaStore.get(mediaKey, range ?? undefined);
  } catch (error) {
    throw storeProblem(error);
  }
}

const EXTENSIONS: Record<string, string> = {
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/x-matroska': 'mka',
  'video/x-matroska': 'mkv',
  'video/quicktime': 'mov',
  'video/x-msvideo': 'avi',
  'audio/x-caf': 'caf',
  'video/x-ms-asf': 'asf',
  'video/mpeg': 'mpg',
  'video/3gpp': '3gp',
};

const downloadName = ({ title, mediaType }: Stored): string =>
  `${fileStem(title)}.${EXTENSIONS[mediaType] ?? mediaType.split('/')[1]}`;

const SOUND = ['audio/*', 'video/*'];

export const mediaRoutes = [
  route({
    method: 'GET',
    path: '/meeting/:meetingId/media',
    operationId: 'getMedia',
    tag: 'meetings',
    summary: 'The recording: a stream with ranges, or a redirect to a short-lived URL',
    byTicket: true,
    params: idParam('meetingId'),
    query: Joi.object<{ ticket?: string }>({ ticket: Joi.string().max(200) }),
    headers: ['Range', 'If-None-Match'],
    responses: {
      200: { description: 'The whole recording', contentType: SOUND, headers: ['ETag'] },
      206: {
        description: 'The bytes of the range asked for',
        contentType: SOUND,
        headers: ['ETag', 'Content-Range'],
      },
      302: { description: 'Where the recording can be read for some minutes', headers: ['Location'] },
      304: { description: 'It is what the client has' },
    },
    handler: media,
  }),
];
