import { Client, Connection } from '@temporalio/client';
import { LOCAL_USER } from '../../src/db/seed';
import { Meeting } from '../../src/models/meeting';
import { Request } from '../../src/models/request';
import { TranscriptSegment } from '../../src/models/transcript';
import { Upload } from '../../src/models/upload';
import { User } from '../../src/models/user';
import { startTestApi, type TestApi } from '../../test/support/api';
import { mp3, sha256, storedFiles, upload } from '../../test/support/upload';

const LIMIT = 100_000;

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ env: { MAX_UPLOAD_BYTES: String(LIMIT) } });
});
afterAll(() => api.close());

const load = (id: string): Promise<Meeting> =>
  Meeting.query(api.knex).findById(id).throwIfNotFound().execute();

describe('POST /upload of a recording', () => {
  it('stores it, writes it down and starts its pipeline', async () => {
    const bytes = mp3(50_000);
    const fields = {
      title: 'Planning',
      recordedAt: '2025-10-14T09:00:00+02:00',
      timezone: 'Europe/Berlin',
      language: 'en',
      notify: 'manual',
      participants: JSON.stringify([{ name: 'Anna Berg', email: 'Anna@Example.com' }]),
    };
    const { status, body, headers } = await upload(api, { name: 'a.mp3', bytes }, fields);
    expect({ status, location: headers.location }).toEqual({
      status: 201,
      location: `/meeting/${body.meetingId}`,
    });
    expect(body).toMatchObject({ status: 'queued', title: 'Planning' });

    const meeting = await load(body.meetingId);
    expect(meeting).toMatchObject({
      ownerId: LOCAL_USER.id,
      notify: 'manual',
      language: 'en',
      timezone: 'Europe/Berlin',
      recordedAt: new Date('2025-10-14T07:00:00Z'),
      mediaSha256: sha256(bytes),
      mediaBytes: '50000',
      mediaType: 'audio/mpeg',
      transcriptId: null,
    });
    expect(meeting.runStartedAt).toBeInstanceOf(Date);
    const run = await api.deps.temporal.workflow.getHandle(`meeting-${meeting.id}`).describe();
    expect(run.status.name).toBe('RUNNING');
    expect(await Request.query(api.knex).where({ meetingId: meeting.id })).toMatchObject([
      { kind: 'transcribe', state: 'running', language: 'en', requestedBy: LOCAL_USER.id },
    ]);
    expect(await Upload.query(api.knex).findOne({ meetingId: meeting.id })).toMatchObject({
      state: 'stored',
    });
    const shown = (await api.send('GET', `/meeting/${meeting.id}`)).body;
    expect(shown.participants).toMatchObject([{ name: 'Anna Berg', email: 'anna@example.com' }]);
  });

  it('takes its fields after the file as well', async () => {
    const { body } = await upload(
      api,
      { name: 'a.mp3', bytes: mp3(9000) },
      { title: 'Late fields', recordedAt: '2025-10-14', timezone: 'America/New_York' },
      { fieldsLast: true },
    );
    expect(await load(body.meetingId)).toMatchObject({
      title: 'Late fields',
      recordedAt: new Date('2025-10-14T16:00:00Z'),
    });
  });

  it.each([
    ['Weekly sync.final.mp3', 'Weekly sync.final'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\x\\y.mp3', 'y'],
    ['Besprechung größer 会議.mp3', 'Besprechung größer 会議'],
    ['.htaccess', '.htaccess'],
    ['a.mp3.exe', 'a.mp3'],
    [`${'x'.repeat(300)}.mp3`, 'x'.repeat(300)],
  ])('calls a meeting by its file %j', async (name, title) => {
    const { status, body } = await upload(api, { name, bytes: mp3(100) });
    expect({ status, title: body.title }).toEqual({ status: 201, title });
  });

  it('takes the zone of the caller and the time of the upload when nothing is said', async () => {
    const before = Date.now();
    const { body } = await upload(api, { name: 'a.mp3', bytes: mp3(100) }, { title: '', timezone: '' });
    const meeting = await load(body.meetingId);
    expect(meeting).toMatchObject({ timezone: 'UTC', notify: 'auto', language: null, title: 'a' });
    expect(meeting.recordedAt.getTime()).toBeGreaterThanOrEqual(before);
  });

  it('makes each participant a user once, and alters none who is there', async () => {
    const people = [
      { name: 'Ben Kern', email: 'BEN@example.com' },
      { name: 'Ben K.', email: 'ben@example.com' },
      { name: 'You', email: LOCAL_USER.email },
    ];
    const { body } = await upload(
      api,
      { name: 'a.mp3', bytes: mp3(100) },
      { participants: JSON.stringify(people) },
    );
    const shown = (await api.send('GET', `/meeting/${body.meetingId}`)).body;
    expect(shown.participants.map(({ email }: { email: string }) => email)).toEqual([
      'ben@example.com',
      LOCAL_USER.email,
    ]);
    expect(await User.query(api.knex).findOne({ email: 'ben@example.com' })).toMatchObject({
      role: 'member',
    });
    expect(await User.query(api.knex).findById(LOCAL_USER.id)).toMatchObject({
      name: 'Local User',
      role: 'admin',
    });
  });

  it('takes a file of exactly the limit', async () => {
    const { status, body } = await upload(api, { name: 'a.mp3', bytes: mp3(LIMIT) });
    expect(status).toBe(201);
    expect((await load(body.meetingId)).mediaBytes).toBe(String(LIMIT));
  });
});

describe('POST /upload of a ready transcript', () => {
  it('takes a monologue that is longer than Postgres can index at once', async () => {
    const words = Array.from({ length: 14_000 }, (_, n) => `w${n}`).join(' ');
    const stored = await upload(api, { name: 'a.txt', bytes: Buffer.from(`Anna: ${words}`) });
    expect(stored.status).toBe(201);
    const { transcript, transcriptId } = await load(stored.body.meetingId);
    const segments = await TranscriptSegment.query(api.knex).where({ transcriptId }).orderBy('ordinal');
    expect(segments.length).toBeGreaterThan(5);
    expect(segments.map(({ text }) => text).join(' ')).toBe(words);
    expect(transcript).toContain('w13999');
  });

  const said = 'Anna Berg: Ben, can you send the budget?\nBen: Yes, I will send it by Friday.\n';

  it('is there at once, without media, waiting to be read', async () => {
    const { status, body } = await upload(api, { name: 'Weekly.txt', bytes: said });
    expect(status).toBe(201);
    expect(body.links.media).toBeNull();
    const meeting = await load(body.meetingId);
    expect(meeting).toMatchObject({ mediaKey: null, transcript: said.trim(), title: 'Weekly' });
    expect(
      await TranscriptSegment.query(api.knex)
        .where({ transcriptId: meeting.transcriptId })
        .orderBy('ordinal'),
    ).toMatchObject([
      { speaker: 'Anna Berg', text: 'Ben, can you send the budget?', startMs: null },
      { speaker: 'Ben', text: 'Yes, I will send it by Friday.', startMs: null },
    ]);
    expect(await Request.query(api.knex).where({ meetingId: meeting.id })).toMatchObject([
      { kind: 'extract' },
    ]);
    expect((await api.send('POST', `/transcribe/${meeting.id}`)).body).toMatchObject({ code: 'no-media' });
  });

  it('says itself what it is called and when it was, unless the fields do', async () => {
    const bytes = JSON.stringify({
      title: 'From the file',
      recordedAt: '2025-10-14T09:00:00Z',
      segments: [{ speaker: 'Ben', startMs: 0, endMs: 61_000, text: 'Hello' }],
    });
    const its = await upload(api, { name: 'x.json', bytes });
    expect(await load(its.body.meetingId)).toMatchObject({
      title: 'From the file',
      recordedAt: new Date('2025-10-14T09:00:00Z'),
      durationMs: 61_000,
    });
    const ours = await upload(api, { name: 'x.json', bytes }, { title: 'Ours', recordedAt: '2025-01-02' });
    expect(await load(ours.body.meetingId)).toMatchObject({
      title: 'Ours',
      recordedAt: new Date('2025-01-02T12:00:00Z'),
    });
  });

  it('is cleaned of what Postgres refuses', async () => {
    const bytes = JSON.stringify({
      title: 'a\u0000b',
      segments: [{ speaker: 'B\u0000', text: 'x\ud800\u0000y' }],
    });
    const { status, body } = await upload(api, { name: 'x.json', bytes });
    expect({ status, title: body.title }).toEqual({ status: 201, title: 'ab' });
    expect((await load(body.meetingId)).transcript).toBe('B: x\ufffdy');
  });
});

describe('POST /upload with Temporal away', () => {
  it('takes the recording all the same', async () => {
    const nowhere = new Client({ connection: Connection.lazy({ address: '127.0.0.1:1' }) });
    const cut = await startTestApi({ temporal: nowhere });
    try {
      const { status, body } = await upload(cut, { name: 'a.mp3', bytes: mp3(5000) });
      expect(status).toBe(201);
      const meeting = await Meeting.query(cut.knex).findById(body.meetingId);
      expect(meeting).toMatchObject({ status: 'queued', runStartedAt: null });
      expect(storedFiles(cut)).toHaveLength(1);
    } finally {
      await cut.close();
    }
  });
});
