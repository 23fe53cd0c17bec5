/** What is kept of an engine that gives segments one by one and goes on in the middle. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { HeardSegment } from '../src/domain/meeting';
import { HeardSegmentRow, Transcript, TranscriptPiece } from '../src/models/transcript';
import type { SpeechToText, TranscribeOptions } from '../src/ports';
import { ProviderError } from '../src/provider-error';
import { projectRoot } from '../src/project-root';
import { ActivityBench, type RunOptions } from '../test/support/activity-bench';
import { insertMeeting, withMedia } from '../test/support/meetings';
import { SAMPLE_LINES } from '../test/support/sample';
import { heard, ScriptedSpeech } from '../test/support/scripted-speech';
import type { Work } from './plan-work';

const recording = readFileSync(path.join(projectRoot, 'samples/meeting-flite.mp3'));
const SAID = heard(SAMPLE_LINES).map(({ text }) => text);
const BUSY = new ProviderError('engine-busy', 'Busy.', { retryable: true });

let bench: ActivityBench;
let speech: ScriptedSpeech;
let work: Work;

beforeAll(async () => {
  bench = await ActivityBench.open();
});
afterAll(() => bench.close());
beforeEach(async () => {
  speech = new ScriptedSpeech(SAMPLE_LINES);
  const meeting = await insertMeeting(bench.db);
  const requestId = await withMedia(bench.db, bench.deps.providers.mediaStore, meeting, recording);
  work = { meetingId: meeting.id, requestId, kind: 'transcribe' };
});
afterEach(() => expect(bench.leftovers()).toEqual([]));

const using = (engine: SpeechToText, options: RunOptions = {}): RunOptions => ({
  ...options,
  deps: { providers: { ...bench.deps.providers, speech: engine } },
});
const opened = (engine: SpeechToText = speech) => bench.run('probe', work, using(engine));
const transcribe = (options: RunOptions = {}, engine: SpeechToText = speech) =>
  bench.run('transcribe', work, using(engine, options));
const draft = () =>
  Transcript.query(bench.db).findOne({ requestId: work.requestId }).throwIfNotFound().execute();
const rows = async () =>
  HeardSegmentRow.query(bench.db)
    .where('transcript_id', (await draft()).id)
    .orderBy('start_ms');
const states = async () =>
  (await TranscriptPiece.query(bench.db).where('transcript_id', (await draft()).id)).map(
    ({ state }) => state,
  );

/** An engine that says these segments of a recording, whatever it hears. */
const saying = (...segments: Partial<HeardSegment>[]): SpeechToText => ({
  provider: 'scripted',
  limits: { maxPieceSeconds: null, concurrency: 1, resumable: true },
  async transcribe(_wav, { onSegment }: TranscribeOptions) {
    const said = { confidence: 1, speaker: null, words: [], startMs: 0, endMs: 1000, text: 'x' };
    for (const segment of segments) await onSegment({ ...said, ...segment });
    return { provider: 'scripted', model: 'm', quality: 'draft', language: 'en' };
  },
});

it('saves every segment, who heard it and in which language, and that the piece is done', async () => {
  await opened();
  await transcribe();
  expect((await rows()).map(({ text }) => text)).toEqual(SAID);
  expect(await states()).toEqual(['done']);
  expect(await draft()).toMatchObject({
    provider: 'scripted',
    model: 'script',
    quality: 'draft',
    language: 'en',
  });
});

it('goes on where a broken attempt has stopped, and hears nothing twice', async () => {
  await opened();
  speech.breaks = [
    { afterSegments: 5, error: BUSY },
    { afterSegments: 3, error: BUSY },
  ];
  await expect(transcribe()).rejects.toMatchObject({ type: 'engine-busy', nonRetryable: false });
  expect(await rows()).toHaveLength(5);
  expect(await states()).toEqual(['pending']);
  await expect(transcribe({ attempt: 2 })).rejects.toMatchObject({ type: 'engine-busy' });
  await transcribe({ attempt: 3 });
  const ends = heard(SAMPLE_LINES).map(({ endMs }) => endMs);
  expect(speech.calls).toEqual([0, ends[4], ends[7]]);
  expect((await rows()).map(({ text }) => text)).toEqual(SAID);
});

it('asks the engine for nothing when everything was heard', async () => {
  await opened();
  await transcribe();
  await transcribe({ attempt: 2 });
  expect(speech.calls).toEqual([0]);
});

it('keeps each segment once when a worker that was taken for dead hears along', async () => {
  await opened();
  await Promise.all([transcribe(), transcribe({ attempt: 2 })]);
  expect((await rows()).map(({ text }) => text)).toEqual(SAID);
  expect(await states()).toEqual(['done']);
});

it('stops when it is cancelled, and the next attempt hears it all', async () => {
  await opened();
  speech.hold = new Promise(() => {});
  const stopping = transcribe({ cancelled: true });
  await expect(stopping).rejects.toMatchObject({ name: 'CancelledFailure' });
  expect(await states()).toEqual(['pending']);
  speech.hold = null;
  await transcribe({ attempt: 2 });
  expect((await rows()).map(({ text }) => text)).toEqual(SAID);
});

it('keeps times within the recording, whatever the engine says', async () => {
  const engine = saying({
    startMs: 70_000,
    endMs: 900_000,
    text: 'Beyond.',
    words: [{ startMs: 800_000, endMs: 900_000, text: 'Beyond.' }],
  });
  await opened(engine);
  const [piece] = await TranscriptPiece.query(bench.db).where('transcript_id', (await draft()).id);
  await transcribe({}, engine);
  const endMs = piece!.endMs;
  expect(await rows()).toMatchObject([
    { startMs: 70_000, endMs, words: [{ startMs: endMs, endMs, text: 'Beyond.' }] },
  ]);
});

it('keeps the language that was asked for, whatever the engine heard', async () => {
  await opened();
  await Transcript.query(bench.db).where({ requestId: work.requestId }).patch({ language: 'de' });
  await transcribe();
  expect((await draft()).language).toBe('de');
});

it('tells the server how far it is, without a word of what was said', async () => {
  await opened();
  const slow: SpeechToText = {
    provider: speech.provider,
    limits: speech.limits,
    async transcribe(...input) {
      const spoken = await speech.transcribe(...input);
      await bench.untilHeartbeat();
      return spoken;
    },
  };
  await transcribe({}, slow);
  const [first] = bench.heartbeats as [Record<string, unknown>];
  expect(first).toMatchObject({ phase: 'hearing', pieces: 1, doneMs: heard(SAMPLE_LINES).at(-1)!.endMs });
  expect(JSON.stringify(bench.heartbeats)).not.toContain('payment');
});
