import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { Meeting } from '../src/models/meeting';
import { MeetingEvent } from '../src/models/meeting-event';
import { Request } from '../src/models/request';
import { Transcript, TranscriptPiece } from '../src/models/transcript';
import type { SpeechLimits } from '../src/ports';
import { projectRoot } from '../src/project-root';
import { ActivityBench, type RunOptions } from '../test/support/activity-bench';
import { askFor, insertMeeting, withMedia } from '../test/support/meetings';
import { ScriptedSpeech } from '../test/support/scripted-speech';
import type { Work } from './plan-work';

const recording = readFileSync(path.join(projectRoot, 'samples/meeting-flite.mp3'));

let bench: ActivityBench;

beforeAll(async () => {
  bench = await ActivityBench.open({ speech: new ScriptedSpeech([]) });
});
afterAll(() => bench.close());
afterEach(() => expect(bench.leftovers()).toEqual([]));

async function recorded(bytes = recording): Promise<Work> {
  const meeting = await insertMeeting(bench.db);
  const requestId = await withMedia(bench.db, bench.deps.providers.mediaStore, meeting, bytes);
  return { meetingId: meeting.id, requestId, kind: 'transcribe' };
}

const probe = (work: Work, options: RunOptions = {}) => bench.run('probe', work, options);
const withLimits = (limits: Partial<SpeechLimits>): RunOptions => {
  const speech = Object.assign(new ScriptedSpeech([]), {
    limits: { maxPieceSeconds: null, concurrency: 1, resumable: false, ...limits },
  });
  return { deps: { providers: { ...bench.deps.providers, speech } } };
};
const load = ({ meetingId }: Work) => Meeting.query(bench.db).findById(meetingId).throwIfNotFound();
const drafts = ({ meetingId }: Work) => Transcript.query(bench.db).where({ meetingId }).orderBy('created_at');
const piecesOf = ({ id }: Transcript) =>
  TranscriptPiece.query(bench.db).where({ transcriptId: id }).orderBy('start_ms');

describe('a recording that the store gives back otherwise than it was uploaded', () => {
  /** What each read brings: the recording, or it cut short. */
  const reading = (...whole: boolean[]): RunOptions => {
    const get = async () => Readable.from([whole.shift() ? recording : recording.subarray(0, 100_000)]);
    const mediaStore = Object.assign(Object.create(bench.deps.providers.mediaStore), { get });
    return { deps: { providers: { ...bench.deps.providers, mediaStore } } };
  };

  it('is read once more: something may have been cut on the way', async () => {
    const work = await recorded();
    await probe(work, reading(false, true));
    expect(await drafts(work)).toHaveLength(1);
  });

  it('twice fails for good', async () => {
    const work = await recorded();
    const damaged = { type: 'media-damaged', nonRetryable: true };
    await expect(probe(work, reading(false, false, true))).rejects.toMatchObject(damaged);
    expect(await drafts(work)).toEqual([]);
  });
});

it('stores how long the recording is and opens its draft, in one piece for an engine without limits', async () => {
  const work = await recorded();
  await Request.query(bench.db).findById([work.meetingId, work.requestId]).patch({ language: 'de' });
  await probe(work);
  const { durationMs, status } = await load(work);
  expect(Math.abs(durationMs! - 77_000)).toBeLessThan(1000);
  expect(status).toBe('probing');
  const [draft] = await drafts(work);
  expect(draft).toMatchObject({ state: 'draft', version: null, requestId: work.requestId, language: 'de' });
  expect(await piecesOf(draft!)).toMatchObject([{ startMs: 0, endMs: durationMs, state: 'pending' }]);
  const events = await MeetingEvent.query(bench.db).where({ meetingId: work.meetingId });
  expect(events.map(({ data }) => data)).toEqual([{ status: 'probing' }]);
});

it.each([20, 30.5, 76])(
  'cuts it for an engine that takes %d seconds: no gap, no overlap, none too long',
  async (most) => {
    const work = await recorded();
    await probe(work, withLimits({ maxPieceSeconds: most }));
    const pieces = await piecesOf((await drafts(work))[0]!);
    expect(pieces[0]!.startMs).toBe(0);
    expect(pieces.at(-1)!.endMs).toBe((await load(work)).durationMs);
    expect(pieces.slice(1).map(({ startMs }) => startMs)).toEqual(
      pieces.slice(0, -1).map(({ endMs }) => endMs),
    );
    for (const { startMs, endMs } of pieces) expect(endMs - startMs).toBeLessThanOrEqual(most * 1000);
  },
);

it('finds the draft of an earlier attempt and keeps what it knows', async () => {
  const work = await recorded();
  await probe(work);
  const [draft] = await drafts(work);
  await TranscriptPiece.query(bench.db).where({ transcriptId: draft!.id }).patch({ state: 'done' });
  await probe(work, { ...withLimits({ maxPieceSeconds: 20 }), attempt: 2 });
  expect(await drafts(work)).toHaveLength(1);
  expect((await piecesOf(draft!)).map(({ state }) => state)).toEqual(['done']);
});

it('opens one draft when two workers probe at once', async () => {
  const work = await recorded();
  await Promise.all([probe(work), probe(work)]);
  expect(await drafts(work)).toHaveLength(1);
  expect(await piecesOf((await drafts(work))[0]!)).toHaveLength(1);
});

describe('a draft that an earlier request left', () => {
  async function askedAgain(state: Request['state'], fields: Partial<Transcript> = {}): Promise<Work> {
    const work = await recorded();
    await probe(work);
    await Transcript.query(bench.db)
      .where({ meetingId: work.meetingId })
      .patch({ provider: 'scripted', ...fields });
    await Request.query(bench.db).findById([work.meetingId, work.requestId]).patch({ state });
    const requestId = await askFor(bench.db, work.meetingId, 'transcribe');
    return { ...work, requestId };
  }

  it.each(['failed', 'cancelled'] as const)('that was %s is gone on with', async (state) => {
    const work = await askedAgain(state);
    const [left] = await drafts(work);
    await probe(work);
    expect(await drafts(work)).toMatchObject([{ id: left!.id, requestId: work.requestId }]);
  });

  it.each<[string, Request['state'], Partial<Transcript>]>([
    ['that is still being done', 'running', {}],
    ['that became a transcript', 'failed', { state: 'complete', version: 1 }],
    ['of another engine', 'failed', { provider: 'rapidapi' }],
    ['that nothing was heard for', 'failed', { provider: null }],
  ])('%s stays as it is', async (_, state, fields) => {
    const work = await askedAgain(state, fields);
    await probe(work);
    expect((await drafts(work)).map(({ requestId }) => requestId === work.requestId)).toEqual([false, true]);
  });

  it('in another language stays as it is', async () => {
    const work = await askedAgain('failed');
    await Request.query(bench.db).findById([work.meetingId, work.requestId]).patch({ language: 'de' });
    await probe(work);
    expect(await drafts(work)).toHaveLength(2);
  });
});

describe('fails for good, and opens no draft', () => {
  it.each<[string, string, () => Promise<Work>, RunOptions]>([
    ['what is no sound', 'media-undecodable', () => recorded(Buffer.from('ID3 but not a sound in it')), {}],
    ['what is too long', 'media-too-long', () => recorded(), { deps: { maxMediaSeconds: 10 } }],
    [
      'a meeting without a recording',
      'no-media',
      async () => {
        const { id: meetingId } = await insertMeeting(bench.db);
        return { meetingId, requestId: await askFor(bench.db, meetingId, 'transcribe'), kind: 'transcribe' };
      },
      {},
    ],
  ])('%s', async (_, type, given, options) => {
    const work = await given();
    await expect(probe(work, options)).rejects.toMatchObject({ type, nonRetryable: true });
    expect(await drafts(work)).toEqual([]);
    expect((await load(work)).durationMs).toBeNull();
  });
});

it('says nothing of a recording that it can not read for want of a program: the next step names what to set', async () => {
  const work = await recorded();
  await probe(work, { deps: { ffmpeg: null } });
  expect(await drafts(work)).toEqual([]);
  await expect(bench.run('transcribe', work, { deps: { ffmpeg: null } })).rejects.toMatchObject({
    type: 'ffmpeg-missing',
    message: expect.stringContaining('FFMPEG_PATH'),
    nonRetryable: true,
  });
});

it('stops when it is cancelled, and leaves nothing on the disk', async () => {
  const work = await recorded();
  const get = async () => new Readable({ read() {} });
  const mediaStore = Object.assign(Object.create(bench.deps.providers.mediaStore), { get });
  const endless = { deps: { providers: { ...bench.deps.providers, mediaStore } } };
  await expect(probe(work, { ...endless, cancelled: true })).rejects.toMatchObject({
    name: 'CancelledFailure',
  });
  expect(await drafts(work)).toEqual([]);
});
