import { seedLocalUser } from '../src/db/seed';
import { Extraction } from '../src/models/extraction';
import { Meeting } from '../src/models/meeting';
import { Request } from '../src/models/request';
import { rowDeps } from '../test/support/activity-deps';
import { createTestDatabase, type TestDatabase } from '../test/support/database';
import { askFor, insertMeeting, withTranscript } from '../test/support/meetings';
import { heedCancel } from './heed-cancel';
import { planWork, type SignalledRequest, type Work } from './plan-work';

let database: TestDatabase;
let meeting: Meeting;

beforeAll(async () => {
  database = await createTestDatabase();
  await seedLocalUser(database.knex);
});
afterAll(() => database.destroy());
beforeEach(async () => {
  meeting = await insertMeeting(database.knex);
});

const plan = (...signalled: SignalledRequest[]) =>
  planWork(rowDeps(database.knex), { meetingId: meeting.id, signalled });
const ask = (kind: Request['kind'], instructions: string | null = null) =>
  askFor(database.knex, meeting.id, kind, instructions);
const signal = (kind: Request['kind'], requestId: string): SignalledRequest => ({
  kind,
  requestId,
  instructions: null,
  language: null,
});
const stateOf = async (requestId: string) =>
  (await Request.query(database.knex).findById([meeting.id, requestId]))?.state;
const finish = (requestId: string) =>
  Request.query(database.knex).findById([meeting.id, requestId]).patch({ state: 'done' });

it('takes the oldest request and says what it is', async () => {
  const first = await ask('transcribe');
  await ask('extract');
  expect((await plan()).work).toEqual({ meetingId: meeting.id, requestId: first, kind: 'transcribe' });
  expect(await stateOf(first)).toBe('running');
});

it('goes on with the one that was running when its run was killed', async () => {
  const later = await ask('extract', 'later');
  const running = await ask('extract', 'running');
  await Request.query(database.knex).findById([meeting.id, running]).patch({ state: 'running' });
  expect((await plan()).work?.requestId).toBe(running);
  await finish(running);
  expect((await plan()).work?.requestId).toBe(later);
});

it('takes equal ones along and leaves other wishes for later', async () => {
  const [first, same, other] = [
    await ask('extract', 'a'),
    await ask('extract', 'a'),
    await ask('extract', 'b'),
  ];
  await plan();
  expect([await stateOf(first), await stateOf(same), await stateOf(other)]).toEqual([
    'running',
    'running',
    'pending',
  ]);
});

it('knows a signal that it has seen, in whatever run it comes', async () => {
  const request = signal('extract', 'typed by hand');
  expect((await plan(request, request)).work?.requestId).toBe('typed by hand');
  await finish('typed by hand');
  expect((await plan(request)).work).toBeNull();
});

it('has nothing to do when nothing is open, and says where the meeting rests', async () => {
  expect(await plan()).toEqual({
    work: null,
    ownerId: meeting.ownerId,
    status: 'queued',
    failure: null,
    steps: [
      { name: 'probe', state: 'skipped', attempt: 0 },
      { name: 'transcribe', state: 'skipped', attempt: 0 },
      { name: 'extract', state: 'pending', attempt: 0 },
      { name: 'notify', state: 'pending', attempt: 0 },
    ],
    windowMs: 1000,
    refused: [],
  });
});

it('counts what is left of the window from when the last work ended', async () => {
  const requestId = await ask('extract');
  await plan();
  const row = Request.query(database.knex).findById([meeting.id, requestId]);
  await row.clone().patch({ state: 'done', finishedAt: new Date(Date.now() - 600) });
  expect((await plan()).windowMs).toBeLessThanOrEqual(400);
  await row.clone().patch({ finishedAt: new Date(Date.now() - 5000) });
  expect((await plan()).windowMs).toBe(0);
});

it('refuses a signal whose id is a request of another kind', async () => {
  const requestId = await ask('extract');
  expect(await plan(signal('cancel', requestId))).toMatchObject({
    refused: ['cancel'],
    work: { requestId, kind: 'extract' },
  });
  expect(await plan(signal('extract', requestId))).toMatchObject({ refused: [] });
});

describe('heeding a cancellation while work is done', () => {
  const working = async () => (await plan()).work!;
  const heed = (work: Work, ...signalled: SignalledRequest[]) =>
    heedCancel(rowDeps(database.knex), { work, signalled });

  it('stops the work, once', async () => {
    await ask('extract');
    const first = await working();
    expect(await heed(first, signal('cancel', 'stop'))).toEqual({ stop: true, refused: [] });
    await plan();
    expect(await stateOf('stop')).toBe('done');
    await ask('extract');
    expect(await heed(await working(), signal('cancel', 'stop'))).toEqual({ stop: false, refused: [] });
  });

  it('leaves work alone that was asked for later', async () => {
    await ask('cancel');
    await ask('transcribe');
    expect(await heed(await working())).toEqual({ stop: false, refused: [] });
  });

  it('takes no request of the same id for one', async () => {
    const requestId = await ask('extract');
    expect(await heed(await working(), signal('cancel', requestId))).toEqual({
      stop: false,
      refused: ['cancel'],
    });
  });

  it('does not take what waits along with the work', async () => {
    await ask('extract');
    const work = await working();
    const waiting = await ask('extract');
    await heed(work, signal('extract', 'typed'), signal('cancel', 'stop'));
    expect([await stateOf(waiting), await stateOf('typed')]).toEqual(['pending', 'pending']);
  });
});

describe('a cancellation', () => {
  it('spares what was signalled after it, in whatever order rows were written', async () => {
    const fromTheApi = await ask('extract', 'api');
    const signals = [signal('extract', 'early'), signal('cancel', 'stop'), signal('transcribe', 'late')];
    await plan(...signals, signal('extract', fromTheApi));
    expect(await stateOf('early')).toBe('cancelled');
    expect([await stateOf(fromTheApi), await stateOf('late')].sort()).toEqual(['pending', 'running']);
  });

  it('closes what came before it, not what comes after', async () => {
    const before = await ask('transcribe');
    await ask('cancel');
    expect(await plan()).toMatchObject({ work: null, status: 'cancelled' });
    expect(await stateOf(before)).toBe('cancelled');
    const after = await ask('transcribe');
    expect((await plan()).work?.requestId).toBe(after);
  });

  it('leaves a meeting ready that has been ready', async () => {
    const requestId = await withTranscript(database.knex, meeting, ['Anna: Hello.']);
    await finish(requestId);
    const { transcriptId } = await Meeting.query(database.knex).findById(meeting.id).throwIfNotFound();
    await Extraction.query(database.knex).insert({
      meetingId: meeting.id,
      transcriptId: transcriptId!,
      requestId,
      version: 1,
      state: 'applied',
      provider: 'local',
      model: 'rules',
      quality: 'draft',
      promptVersion: '1',
      coverage: 1,
    });
    await ask('extract');
    await ask('cancel');
    expect((await plan()).status).toBe('ready');
  });

  it('of nothing changes nothing', async () => {
    const requestId = await ask('cancel');
    expect(await plan()).toMatchObject({ work: null, status: 'queued' });
    expect(await stateOf(requestId)).toBe('done');
  });
});

it('refuses a meeting that was deleted', async () => {
  await Meeting.query(database.knex).findById(meeting.id).patch({ deletedAt: new Date() });
  await expect(plan()).rejects.toMatchObject({ code: 'meeting-gone', retryable: false });
});
