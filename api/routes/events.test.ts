import { Meeting } from '../../src/models/meeting';
import { MeetingEvent } from '../../src/models/meeting-event';
import { CALLER_HEADER, startTestApi, type TestApi } from '../../test/support/api';
import { eventually } from '../../test/support/poll';
import { addMeeting, addParticipant, addUser } from '../../test/support/rows';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

interface Said {
  id: string;
  event: string;
  data: Record<string, unknown>;
}

/** Reads a stream as a browser does; `said` grows as it comes. */
class Reader {
  said: Said[] = [];
  ended = false;
  private readonly leave = new AbortController();
  private text = '';

  async open(meetingId: string, headers: Record<string, string> = {}): Promise<Response> {
    const { signal } = this.leave;
    const answer = await fetch(`${api.url}/meeting/${meetingId}/events`, { headers, signal });
    if (answer.status === 200) void this.read(answer).catch(() => undefined); // it was left
    return answer;
  }

  close(): void {
    this.leave.abort();
  }

  private async read(answer: Response): Promise<void> {
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      this.text += chunk;
      const blocks = this.text.split('\n\n');
      this.text = blocks.pop()!;
      for (const block of blocks.filter((each) => each.startsWith('id: '))) this.take(block);
    }
    this.ended = true;
  }

  private take(block: string): void {
    const [id, event, data] = block.split('\n').map((line) => line.slice(line.indexOf(': ') + 2));
    this.said.push({ id: id!, event: event!, data: JSON.parse(data!) as Record<string, unknown> });
  }
}

const append = (meeting: Meeting, ...statuses: string[]) =>
  MeetingEvent.appendAll(
    api.knex,
    meeting.id,
    statuses.map((status) => ({ type: 'status' as const, data: { status } })),
  );

const numbersOf = ({ said }: Reader) => said.map(({ id }) => Number(id));

test('tells what was and what comes, each once and in order', async () => {
  const meeting = await addMeeting(api.knex);
  await append(meeting, 'queued', 'probing');
  const reader = new Reader();
  const { headers } = await reader.open(meeting.id);
  expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(headers.get('cache-control')).toBe('no-store');
  await eventually(() => reader.said.length === 2);
  await append(meeting, 'transcribing');
  await MeetingEvent.append(api.knex, meeting.id, 'failure', { step: 'transcribe', code: 'x', message: 'y' });
  await eventually(() => reader.said.length === 4);
  expect(reader.said.map(({ event, data }) => [event, data.status ?? data.code, data.step])).toEqual([
    ['status', 'queued', null],
    ['status', 'probing', 'probe'],
    ['status', 'transcribing', 'transcribe'],
    ['failure', 'x', 'transcribe'],
  ]);
  expect(numbersOf(reader)).toEqual([1, 2, 3, 4]);
  expect(reader.said[0]!.data).toEqual({
    seq: 1,
    type: 'status',
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    meetingId: meeting.id,
    status: 'queued',
    step: null,
  });
  reader.close();
});

test('goes on where a reader was cut off', async () => {
  const meeting = await addMeeting(api.knex);
  await append(meeting, 'queued', 'probing', 'transcribing');
  const reader = new Reader();
  await reader.open(meeting.id, { 'Last-Event-ID': '2' });
  await eventually(() => reader.said.length === 1);
  await append(meeting, 'extracting');
  await eventually(() => reader.said.length === 2);
  expect(numbersOf(reader)).toEqual([3, 4]);
  reader.close();
});

test('a long story comes whole', async () => {
  const meeting = await addMeeting(api.knex);
  await append(meeting, ...Array.from({ length: 1_200 }, () => 'ready'));
  const reader = new Reader();
  await reader.open(meeting.id);
  await eventually(() => reader.said.length === 1_200);
  expect(numbersOf(reader)).toEqual(Array.from({ length: 1_200 }, (_, n) => n + 1));
  reader.close();
});

test('ends when the meeting is deleted', async () => {
  const meeting = await addMeeting(api.knex);
  const reader = new Reader();
  await reader.open(meeting.id);
  await Meeting.query(api.knex).findById(meeting.id).patch({ deletedAt: new Date() });
  await eventually(() => reader.ended);
});

test('readers who leave are looked after no more', async () => {
  const meeting = await addMeeting(api.knex);
  const readers = Array.from({ length: 20 }, () => new Reader());
  await Promise.all(readers.map((reader) => reader.open(meeting.id)));
  let looks = 0;
  const count = ({ sql }: { sql: string }) => (looks += Number(sql.includes('event_seq')));
  for (const reader of readers) reader.close();
  await eventually(async () => {
    looks = 0;
    api.knex.on('query', count);
    const watched = new Reader();
    await watched.open(meeting.id);
    await append(meeting, 'ready');
    await eventually(() => watched.said.length > 0);
    watched.close();
    api.knex.off('query', count);
    expect(looks).toBeLessThan(10);
  });
});

test('refuses strangers, other meetings and what is no event', async () => {
  const meeting = await addMeeting(api.knex);
  const [guest, stranger] = [await addUser(api.knex), await addUser(api.knex)];
  await addParticipant(api.knex, meeting, guest);
  const statusFor = async (headers: Record<string, string>) => {
    const reader = new Reader();
    const { status } = await reader.open(meeting.id, headers);
    reader.close();
    return status;
  };
  expect(await statusFor({ [CALLER_HEADER]: guest.id })).toBe(200);
  expect(await statusFor({ [CALLER_HEADER]: stranger.id })).toBe(404);
  for (const wrong of ['x', '-1', '1.5', '99999999999'])
    expect(await statusFor({ 'Last-Event-ID': wrong })).toBe(400);
});
