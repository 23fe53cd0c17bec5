import { randomUUID } from 'node:crypto';
import { Meeting } from '../../src/models/meeting';
import { User } from '../../src/models/user';
import { startTestApi, type TestApi } from '../../test/support/api';
import {
  addExtraction,
  addMeeting,
  addParticipant,
  addTask,
  addTranscript,
  addUser,
  NO_MEDIA,
} from '../../test/support/rows';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ env: { TEMPORAL_UI_URL: 'http://127.0.0.1:8233' } });
});
afterAll(() => api.close());

const SAID: [string | null, string][] = [
  ['Speaker 1', 'We ship on Friday.'],
  ['Speaker 2', 'I will send the report.'],
  [null, '(laughter)'],
];

describe('one meeting', () => {
  test('nothing is known yet: every field is there', async () => {
    const meeting = await addMeeting(api.knex, { ...NO_MEDIA, status: 'queued', durationMs: null });
    const { status, body } = await api.send('GET', `/meeting/${meeting.id}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      id: meeting.id,
      title: 'Flight software',
      status: 'queued',
      failure: null,
      createdAt: meeting.createdAt.toISOString(),
      recordedAt: '2025-11-03T09:00:00.000Z',
      timezone: 'Europe/Berlin',
      durationSeconds: null,
      language: null,
      participants: [],
      transcript: null,
      segments: [],
      actionItems: [],
      decisions: [],
      unresolvedQuestions: [],
      extraction: null,
      links: {
        self: `/meeting/${meeting.id}`,
        events: `/meeting/${meeting.id}/events`,
        run: `/meeting/${meeting.id}/run`,
        media: null,
        webUi: expect.stringMatching(
          new RegExp(`^http://127.0.0.1:8233/namespaces/[^/]+/workflows/meeting-${meeting.id}$`),
        ),
      },
    });
  });

  test('everything is there, with the names of the speakers', async () => {
    const meeting = await addMeeting(api.knex);
    const ben = await addUser(api.knex);
    await addParticipant(api.knex, meeting, ben);
    const speakers = { 'Speaker 2': { name: 'Ben Ode', userId: ben.id, source: 'evidence' as const } };
    const segments = await addTranscript(api.knex, meeting, SAID, speakers);
    const task = await addExtraction(api.knex, meeting, segments[1]!);
    const { body } = await api.send('GET', `/meeting/${meeting.id}`);
    expect(body.participants).toEqual([{ userId: ben.id, name: 'Ben Ode', email: ben.email }]);
    expect(body.segments.map((segment: { speaker: string }) => segment.speaker)).toEqual([
      'Speaker 1',
      'Ben Ode',
      null,
    ]);
    expect(body.transcript).toBe(
      'Speaker 1: We ship on Friday.\nBen Ode: I will send the report.\n(laughter)',
    );
    const evidence = [
      {
        segmentId: segments[1]!.id,
        startMs: 1000,
        endMs: 1900,
        speaker: 'Ben Ode',
        quote: 'I will send the report.',
      },
    ];
    expect(body.actionItems).toEqual([
      expect.objectContaining({ id: task.id, ownerText: 'Ben', deadlineText: 'by Friday', evidence }),
    ]);
    expect(body.decisions).toEqual([expect.objectContaining({ text: 'We ship on Friday', evidence })]);
    expect(body.unresolvedQuestions).toEqual([expect.objectContaining({ status: 'open', evidence })]);
    expect(body.extraction).toMatchObject({ version: 1, coverage: 0.9, changes: { added: 3 } });
    expect(body.links.media).toMatch(new RegExp(`^/meeting/${meeting.id}/media\\?ticket=.{54}$`));
  });

  test('tasks of one extraction stand in the order in which they were said, also without times', async () => {
    const meeting = await addMeeting(api.knex);
    const said = await addTranscript(api.knex, meeting, [...SAID, ...SAID]);
    const createdAt = new Date();
    for (const { id: segmentId } of said.toReversed()) {
      const evidence = [{ segmentId, startMs: null, endMs: null, speaker: null, quote: 'I will' }];
      await addTask(api.knex, { meetingId: meeting.id, name: segmentId, createdAt, evidence });
    }
    await addTask(api.knex, { meetingId: meeting.id, name: 'by hand', createdAt });
    const { actionItems } = (await api.send('GET', `/meeting/${meeting.id}`)).body;
    expect(actionItems.map(({ name }: { name: string }) => name)).toEqual([
      ...said.map(({ id }) => id),
      'by hand',
    ]);
  });

  test('is read with at most four queries', async () => {
    const meeting = await addMeeting(api.knex);
    const segments = await addTranscript(api.knex, meeting, SAID);
    await addExtraction(api.knex, meeting, segments[0]!);
    const queries: string[] = [];
    const note = ({ sql }: { sql: string }) => queries.push(sql);
    api.knex.on('query', note);
    expect((await api.send('GET', `/meeting/${meeting.id}`)).status).toBe(200);
    api.knex.off('query', note);
    expect(queries.length).toBeLessThanOrEqual(4);
  });

  test('is sent again only when it has changed', async () => {
    const meeting = await addMeeting(api.knex);
    const first = await api.send('GET', `/meeting/${meeting.id}`);
    const tag = first.headers.get('ETag')!;
    expect(tag).toMatch(/^W\/"[\w-]+"$/);
    const headers = { 'If-None-Match': tag };
    const again = await api.send('GET', `/meeting/${meeting.id}`, { headers });
    expect([again.status, again.body, again.headers.get('ETag')]).toEqual([304, '', tag]);
    await api.send('PATCH', `/meeting/${meeting.id}`, { body: { title: 'New' } });
    expect((await api.send('GET', `/meeting/${meeting.id}`, { headers })).status).toBe(200);
  });
});

describe('the list', () => {
  test('has counts, and finds words of the title and a status', async () => {
    const meeting = await addMeeting(api.knex, { title: 'Budget of the quarter', status: 'failed' });
    const segments = await addTranscript(api.knex, meeting, SAID);
    await addExtraction(api.knex, meeting, segments[0]!);
    const ids = async (query: string) =>
      (await api.send('GET', `/meetings${query}`)).body.data.map(({ id }: { id: string }) => id);
    expect(await ids('?q=quarter%20BUDGET&status=failed')).toEqual([meeting.id]);
    expect(await ids('?q=quarterly')).toEqual([]);
    expect(await ids(`?q=${encodeURIComponent("') or 1=1 --")}`)).toEqual([]);
    const { body } = await api.send('GET', '/meetings?status=failed&limit=1');
    expect(body.data[0]).toEqual({
      id: meeting.id,
      title: 'Budget of the quarter',
      status: 'failed',
      failure: null,
      createdAt: expect.any(String),
      recordedAt: expect.any(String),
      durationSeconds: 77,
      counts: { actionItems: 1, decisions: 1, unresolvedQuestions: 1 },
    });
  });

  test('is in pages, newest first', async () => {
    for (const title of ['paged 1', 'paged 2', 'paged 3']) await addMeeting(api.knex, { title });
    const titles = (answer: { body: { data: { title: string }[] } }) =>
      answer.body.data.map(({ title }) => title);
    const first = await api.send('GET', '/meetings?q=paged&limit=2');
    const second = await api.send('GET', `/meetings?q=paged&limit=2&cursor=${first.body.page.nextCursor}`);
    expect([titles(first), titles(second)]).toEqual([['paged 3', 'paged 2'], ['paged 1']]);
  });
});

describe('changing a meeting', () => {
  test('participants become users once; a user who is there is not altered', async () => {
    const ben = await addUser(api.knex, { name: 'Ben Ode', email: 'ben.ode@example.com' });
    const meeting = await addMeeting(api.knex);
    const participants = [
      { name: 'Benjamin', email: 'Ben.Ode@Example.com' },
      { name: 'Zoe', email: 'zoe@example.com' },
    ];
    const { body } = await api.send('PATCH', `/meeting/${meeting.id}`, { body: { participants } });
    const zoe = await User.query(api.knex).findOne({ email: 'zoe@example.com' }).throwIfNotFound();
    expect(body.participants).toEqual([
      { userId: ben.id, name: 'Benjamin', email: 'ben.ode@example.com' },
      { userId: zoe.id, name: 'Zoe', email: 'zoe@example.com' },
    ]);
    expect((await ben.$query(api.knex)).name).toBe('Ben Ode');
    expect(zoe.role).toBe('member');
    const cleared = await api.send('PATCH', `/meeting/${meeting.id}`, { body: { participants: null } });
    expect(cleared.body.participants).toEqual([]);
    expect(cleared.body.title).toBe('Flight software');
  });

  test('speakers get names in segments, evidence and the plain text; null takes the name back', async () => {
    const meeting = await addMeeting(api.knex);
    const segments = await addTranscript(api.knex, meeting, SAID);
    await addExtraction(api.knex, meeting, segments[0]!);
    const zoe = await addUser(api.knex, { name: 'Zoe Kim' });
    const speakers = { 'Speaker 1': zoe.id.toUpperCase(), 'Speaker 2': 'Somebody else' };
    const { body } = await api.send('PATCH', `/meeting/${meeting.id}`, { body: { speakers } });
    expect(body.transcript).toBe(
      'Zoe Kim: We ship on Friday.\nSomebody else: I will send the report.\n(laughter)',
    );
    expect(body.decisions[0].evidence[0].speaker).toBe('Zoe Kim');
    expect(body.actionItems[0].evidence[0].speaker).toBe('Zoe Kim');
    const task = await api.send('GET', `/task/${body.actionItems[0].id}`);
    expect(task.body.evidence[0].speaker).toBe('Zoe Kim');
    const back = await api.send('PATCH', `/meeting/${meeting.id}`, {
      body: { speakers: { 'Speaker 1': null } },
    });
    expect(back.body.segments[0].speaker).toBe('Speaker 1');
    expect(back.body.segments[1].speaker).toBe('Somebody else');
  });

  test('labels and users that do not exist change nothing', async () => {
    const meeting = await addMeeting(api.knex);
    await addTranscript(api.knex, meeting, SAID);
    for (const speakers of [{ 'Speaker 9': 'Zoe' }, { 'Speaker 1': randomUUID() }, { constructor: 'Zoe' }]) {
      const body = { title: 'Half-done', speakers };
      const answer = await api.send('PATCH', `/meeting/${meeting.id}`, { body });
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid-body']);
    }
    expect((await Meeting.query(api.knex).findById(meeting.id))?.title).toBe('Flight software');
  });

  test('speakers of a meeting without transcript can not be named', async () => {
    const { id } = await addMeeting(api.knex);
    const { status, body } = await api.send('PATCH', `/meeting/${id}`, { body: { speakers: { a: 'b' } } });
    expect([status, body.code]).toEqual([409, 'no-transcript']);
  });
});
