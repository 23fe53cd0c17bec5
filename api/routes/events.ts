import { Readable } from 'node:stream';
import { visibleMeetings } from '../access';
import { AppError, notFound } from '../errors';
import { eventStream } from '../events';
import { eventShape } from '../present/event';
import { route, type Call, type Reply } from '../route';
import { idParam } from '../schemas';

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  // Proxies must not collect what is meant for now.
  'X-Accel-Buffering': 'no',
};

async function watch({
  deps,
  caller,
  params,
  koa,
}: Call<{ meetingId: string }, object, never>): Promise<Reply> {
  const { meetingId } = params;
  const after = lastEventId(koa.get('Last-Event-ID'));
  if (!(await visibleMeetings(deps.db, caller).findById(meetingId).select('meetings.id')))
    throw notFound('meeting');
  const left = new AbortController();
  koa.res.once('close', () => left.abort());
  const signal = deps.stopping ? AbortSignal.any([left.signal, deps.stopping]) : left.signal;
  const stream = eventStream({ db: deps.db, caller, meetingId, after, signal });
  return { status: 200, headers: HEADERS, body: Readable.from(stream, { objectMode: false }) };
}

/** As we gave it; a reader who has none sends nothing, or an empty line. */
function lastEventId(header: string): number {
  if (header === '') return 0;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  throw new AppError('invalid-header', 'Last-Event-ID is the id of an event of this meeting.');
}

export const eventRoutes = [
  route({
    method: 'GET',
    path: '/meeting/:meetingId/events',
    operationId: 'watchMeeting',
    tag: 'pipeline',
    summary: 'What happens to a meeting, as server-sent events; goes on after Last-Event-ID',
    params: idParam('meetingId'),
    headers: ['Last-Event-ID'],
    responses: {
      200: {
        description: 'Events until the reader leaves; `id` is `seq`, `event` is `type`',
        contentType: 'text/event-stream',
        eventData: eventShape,
      },
    },
    handler: watch,
  }),
];
