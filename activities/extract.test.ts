import { Decision } from '../src/models/decision';
import { Extraction } from '../src/models/extraction';
import { Meeting } from '../src/models/meeting';
import { MeetingEvent } from '../src/models/meeting-event';
import { participantsOf } from '../src/models/participants';
import { Request } from '../src/models/request';
import { Task } from '../src/models/task';
import { Transcript } from '../src/models/transcript';
import type { ExtractionInput, ExtractionOutput, Extractor } from '../src/ports';
import { ProviderError } from '../src/provider-error';
import { ActivityBench, type RunOptions } from '../test/support/activity-bench';
import { waitingForLocks } from '../test/support/locks';
import { askFor, insertMeeting, withMedia, withTranscript } from '../test/support/meetings';
import { eventually } from '../test/support/poll';
import type { Work } from './plan-work';

/** Finds in every meeting what it was told to find, after what went wrong. */
class ScriptedExtractor implements Extractor {
  readonly provider = 'scripted';
  readonly seen: { input: ExtractionInput; attempt: number | undefined }[] = [];
  failures: Error[] = [];
  /** While set, a call waits until this is settled or the call is cancelled. */
  hold: Promise<void> | null = null;
  find: (input: ExtractionInput) => Partial<ExtractionOutput> = () => ({});

  async extract(input: ExtractionInput, options: { signal: AbortSignal; attempt?: number }) {
    this.seen.push({ input, attempt: options.attempt });
    const failure = this.failures.shift();
    if (failure) throw failure;
    if (this.hold) await Promise.race([this.hold, stopped(options.signal)]);
    const nothing = { tasks: [], decisions: [], questions: [], tokens: null, rejected: 0 };
    const by = { provider: 'scripted', model: 'script-1', quality: 'standard', promptVersion: '7' } as const;
    return { ...nothing, ...by, coverage: 0.9, ...this.find(input) };
  }
}

const stopped = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    const stop = () => reject(new Error('stopped'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
  });

const LINES = ['Anna: Ben, can you call Bob by Friday?', 'Ben: Yes, I will call Bob by Friday.'];

let bench: ActivityBench;
let extractor: ScriptedExtractor;
let meeting: Meeting;
let work: Work;

beforeAll(async () => {
  bench = await ActivityBench.open();
});
afterAll(() => bench.close());
beforeEach(async () => {
  extractor = new ScriptedExtractor();
  const inserted = await insertMeeting(bench.db, { participants: ['Anna', 'Ben'] });
  const requestId = await withTranscript(bench.db, inserted, LINES);
  meeting = await load(inserted.id);
  work = { meetingId: meeting.id, requestId, kind: 'extract' };
});

const load = (id: string) => Meeting.query(bench.db).findById(id).throwIfNotFound();
const extract = (options: RunOptions = {}) =>
  bench.run('extract', work, { ...options, deps: { providers: { ...bench.deps.providers, extractor } } });
const readings = () => Extraction.query(bench.db).where({ meetingId: meeting.id });
const lastSegment = (input: ExtractionInput) => input.segments.at(-1)!;

it('gives the extractor the words as people read them, who was there, when it was and what is wished', async () => {
  await Transcript.query(bench.db)
    .findById(meeting.transcriptId!)
    .patch({ speakers: { Ben: { name: 'Benjamin Ode', userId: null, source: 'person' } } });
  await Request.query(bench.db)
    .findById([work.meetingId, work.requestId])
    .patch({ instructions: 'only calls' });
  await extract({ attempt: 3 });
  const [{ input, attempt }] = extractor.seen as [(typeof extractor.seen)[0]];
  expect(attempt).toBe(3);
  expect(input.segments.map(({ speaker, text }) => `${speaker}: ${text}`)).toEqual([
    LINES[0],
    'Benjamin Ode: Yes, I will call Bob by Friday.',
  ]);
  expect(input.participants).toEqual(await participantsOf(bench.db, meeting.id));
  expect(input.clock).toEqual({ recordedAt: '2025-10-14T09:00:00.000Z', timezone: 'UTC' });
  expect(input.instructions).toBe('only calls');
});

const callBob = (input: ExtractionInput): Partial<ExtractionOutput> => ({
  tokens: { input: 120, output: 30 },
  tasks: [
    {
      name: 'Call Bob',
      ownerText: 'Ben',
      deadlineText: 'by Friday',
      category: null,
      evidence: [{ segmentId: lastSegment(input).id, quote: 'I will call Bob by Friday' }],
    },
  ],
  decisions: [{ text: 'We sack Bob', evidence: [{ segmentId: lastSegment(input).id, quote: 'sack Bob' }] }],
});

it('saves what was found, judged, with who found it, and makes it the meeting’s items', async () => {
  extractor.find = callBob;
  await extract();
  const [reading] = await readings();
  const [, ben] = await participantsOf(bench.db, meeting.id);
  expect(reading).toMatchObject({
    state: 'applied',
    version: 1,
    transcriptId: meeting.transcriptId,
    requestId: work.requestId,
    provider: 'scripted',
    model: 'script-1',
    quality: 'standard',
    promptVersion: '7',
    inputTokens: 120,
    outputTokens: 30,
  });
  expect(reading!.coverage).toBeCloseTo(0.9);
  const items = { meetingId: meeting.id };
  expect(await Task.query(bench.db).where(items)).toMatchObject([
    {
      name: 'Call Bob',
      ownerId: ben!.userId,
      deadlineDate: '2025-10-17',
      needsReview: false,
      agreed: true,
      evidence: [{ quote: 'I will call Bob by Friday', speaker: 'Ben' }],
    },
  ]);
  expect(await Decision.query(bench.db).where(items)).toMatchObject([
    { text: 'We sack Bob', needsReview: true, evidence: [] },
  ]);
  expect((await load(meeting.id)).status).toBe('notifying');
});

it('keeps a reading that could not be made rows: the next attempt makes them and asks nobody', async () => {
  extractor.find = callBob;
  await bench.db.raw(`alter table tasks add constraint no_calls check (name not like 'Call%') not valid`);
  await expect(extract()).rejects.toMatchObject({ nonRetryable: false });
  expect(await readings()).toMatchObject([{ state: 'draft', version: null }]);
  await bench.db.raw('alter table tasks drop constraint no_calls');
  await extract({ attempt: 2 });
  expect(await readings()).toMatchObject([{ state: 'applied', version: 1 }]);
  expect(await Task.query(bench.db).where({ meetingId: meeting.id }).resultSize()).toBe(1);
  expect(extractor.seen).toHaveLength(1);
});

it('keeps it also when Postgres breaks off while it is being made rows', async () => {
  let found = () => {};
  extractor.hold = new Promise((resolve) => (found = resolve));
  const broken = expect(extract()).rejects.toMatchObject({ type: 'database-away', nonRetryable: false });
  await eventually(() => extractor.seen.length === 1);
  const holder = await bench.db.transaction();
  await holder('meetings').where({ id: meeting.id }).forUpdate();
  found();
  await eventually(async () => (await waitingForLocks(bench.db)) === 1);
  await bench.db.raw(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'`,
  );
  await holder.commit();
  await broken;
  expect(await readings()).toMatchObject([{ state: 'draft', version: null }]);
  await extract({ attempt: 2 });
  expect(await readings()).toMatchObject([{ state: 'applied', version: 1 }]);
  expect(extractor.seen).toHaveLength(1);
});

it('asks once per request: a retry after a crash between saving and answering pays for nothing', async () => {
  await extract();
  const { steps } = await load(meeting.id);
  await extract({ attempt: 2 });
  expect(extractor.seen).toHaveLength(1);
  expect(await readings()).toHaveLength(1);
  expect((await load(meeting.id)).steps).toEqual(steps);
  const events = MeetingEvent.query(bench.db).where({ meetingId: meeting.id, type: 'status' }).orderBy('seq');
  expect((await events).map(({ data }) => data.status)).toEqual(['extracting', 'notifying', 'ready']);
});

it('keeps one reading when two workers read at once, and both say what is open then', async () => {
  let letGo = () => {};
  extractor.hold = new Promise((resolve) => (letGo = resolve));
  await Request.query(bench.db).where({ meetingId: meeting.id }).patch({ state: 'running' });
  const both = Promise.all([extract(), extract()]);
  await eventually(() => extractor.seen.length === 2);
  letGo();
  expect(await both).toMatchObject([
    { work: null, status: 'ready' },
    { work: null, status: 'ready' },
  ]);
  expect(await readings()).toHaveLength(1);
});

it('asks anew for another request', async () => {
  await extract();
  work.requestId = await askFor(bench.db, meeting.id, 'extract');
  await extract();
  expect(extractor.seen).toHaveLength(2);
  expect(await readings()).toHaveLength(2);
});

it('saves nothing of an attempt that failed, and asks again in the next', async () => {
  extractor.failures = [new ProviderError('model-busy', 'Wait.', { retryable: true, retryAfterMs: 9000 })];
  await expect(extract()).rejects.toMatchObject({ type: 'model-busy', nextRetryDelay: 9000 });
  expect(await readings()).toEqual([]);
  await extract({ attempt: 2 });
  expect(extractor.seen.map(({ attempt }) => attempt)).toEqual([1, 2]);
  expect(await readings()).toHaveLength(1);
});

it('stops when it is cancelled, and saves nothing', async () => {
  extractor.hold = new Promise(() => {});
  await expect(extract({ cancelled: true })).rejects.toMatchObject({ name: 'CancelledFailure' });
  expect(await readings()).toEqual([]);
});

it('tells the server where it is, without a word of the meeting', async () => {
  const reading = extract();
  extractor.hold = bench.untilHeartbeat();
  await reading;
  expect(bench.heartbeats).toEqual([{ phase: 'reading', segments: 2 }]);
});

it('fails for good when there is no transcript to read', async () => {
  const bare = await insertMeeting(bench.db);
  await withMedia(bench.db, bench.deps.providers.mediaStore, bare, Buffer.from('ID3'));
  work = { meetingId: bare.id, requestId: await askFor(bench.db, bare.id, 'extract'), kind: 'extract' };
  await expect(extract()).rejects.toMatchObject({
    type: 'no-transcript',
    message: expect.stringContaining('transcribe first'),
    nonRetryable: true,
  });
  expect(extractor.seen).toEqual([]);
});
