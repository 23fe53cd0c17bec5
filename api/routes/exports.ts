import contentDisposition from 'content-disposition';
import Joi from 'joi';
import { speakerName } from '../../src/domain/plain-transcript';
import { exportTranscript, type ExportKind } from '../../src/domain/transcript-files';
import { Transcript, TranscriptSegment } from '../../src/models/transcript';
import { visibleMeetings } from '../access';
import { fileStem } from '../file-stem';
import { AppError, notFound } from '../errors';
import { route, type Call, type Reply } from '../route';
import { id } from '../schemas';

const TYPES: Record<ExportKind, string> = {
  vtt: 'text/vtt; charset=utf-8',
  srt: 'application/x-subrip; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
};

interface Params {
  meetingId: string;
  kind: ExportKind;
}

async function exported({ deps: { db }, caller, params }: Call<Params, object, never>): Promise<Reply> {
  const meeting = await visibleMeetings(db, caller).findById(params.meetingId);
  if (!meeting) throw notFound('meeting');
  if (meeting.transcriptId === null) throw new AppError('no-transcript', 'There is no transcript yet.');
  const transcript = await Transcript.query(db).findById(meeting.transcriptId).throwIfNotFound();
  const segments = await TranscriptSegment.query(db)
    .select(TranscriptSegment.columns)
    .where({ transcriptId: transcript.id })
    .orderBy('ordinal');
  const named = segments.map((segment) => ({
    speaker: speakerName(segment.speaker, transcript.speakers),
    startMs: segment.startMs,
    endMs: segment.endMs,
    text: segment.text,
  }));
  const fileName = `${fileStem(meeting.title)}.${params.kind}`;
  return {
    status: 200,
    body: exportTranscript(named, params.kind, { title: meeting.title }),
    headers: {
      'Content-Type': TYPES[params.kind],
      'Content-Disposition': contentDisposition(fileName),
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'private, no-cache',
    },
  };
}

const kinds = Object.keys(TYPES);
const contentTypes = Object.values(TYPES).map((type) => type.split(';')[0]!);

export const exportRoutes = [
  route({
    method: 'GET',
    path: '/meeting/:meetingId/transcript.:kind',
    operationId: 'exportTranscript',
    tag: 'meetings',
    summary: 'The transcript as a file, with the speakers’ names',
    params: Joi.object<Params>({
      meetingId: id().required(),
      kind: Joi.string()
        .valid(...kinds)
        .required(),
    }),
    responses: { 200: { description: 'WebVTT, SubRip, text or Markdown', contentType: contentTypes } },
    handler: exported,
  }),
];
