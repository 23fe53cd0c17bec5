import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { VoiceTurn } from '../src/domain/meeting';
import { Transcript } from '../src/models/transcript';
import type { Diarizer } from '../src/ports';
import { ProviderError } from '../src/provider-error';
import { projectRoot } from '../src/project-root';
import { ActivityBench, type RunOptions } from '../test/support/activity-bench';
import { insertMeeting, withMedia } from '../test/support/meetings';
import type { Work } from './plan-work';

const recording = readFileSync(path.join(projectRoot, 'samples/meeting-flite.mp3'));
const VOICES: VoiceTurn[] = [
  { startMs: 0, endMs: 900, voice: 0 },
  { startMs: 900, endMs: 1200, voice: null },
];

/** Hears what it was told, and notes the sound that it was given. */
class ScriptedDiarizer implements Diarizer {
  readonly provider = 'scripted';
  readonly heard: number[] = [];
  failures: Error[] = [];
  /** While set, a call waits until this is settled or the call is cancelled. */
  hold: Promise<void> | null = null;

  async diarize(wavPath: string, { onProgress, signal }: Parameters<Diarizer['diarize']>[1]) {
    this.heard.push((await stat(wavPath)).size);
    onProgress(40_000);
    if (this.hold) await Promise.race([this.hold, once(signal, 'abort')]);
    signal.throwIfAborted();
    const failure = this.failures.shift();
    if (failure) throw failure;
    return VOICES;
  }
}

let bench: ActivityBench;
let diarizer: ScriptedDiarizer;
let work: Work;

beforeAll(async () => {
  bench = await ActivityBench.open();
});
afterAll(() => bench.close());
beforeEach(async () => {
  diarizer = new ScriptedDiarizer();
  const meeting = await insertMeeting(bench.db);
  const requestId = await withMedia(bench.db, bench.deps.providers.mediaStore, meeting, recording);
  work = { meetingId: meeting.id, requestId, kind: 'transcribe' };
  await bench.run('probe', work);
});
afterEach(() => expect(bench.leftovers()).toEqual([]));

const diarize = (options: RunOptions = {}) =>
  bench.run('diarize', work, {
    ...options,
    deps: { providers: { ...bench.deps.providers, diarizer }, ...options.deps },
  });
const voices = async () =>
  (await Transcript.query(bench.db).findOne({ requestId: work.requestId }).throwIfNotFound()).voices;

it('hears the whole recording as 16 kHz mono, and saves who speaks when with the draft', async () => {
  await diarize();
  expect(await voices()).toEqual(VOICES);
  const seconds = diarizer.heard[0]! / 32_000;
  expect(Math.abs(seconds - 77)).toBeLessThan(1);
});

it('listens once: a retry after the voices were saved does nothing', async () => {
  await diarize();
  await diarize({ attempt: 2 });
  expect(diarizer.heard).toHaveLength(1);
});

it('listens again when an attempt failed', async () => {
  diarizer.failures = [new ProviderError('voices-died', 'Again.', { retryable: true })];
  await expect(diarize()).rejects.toMatchObject({ type: 'voices-died', nonRetryable: false });
  expect(await voices()).toBeNull();
  await diarize({ attempt: 2 });
  expect(await voices()).toEqual(VOICES);
});

it('tells the server where it is', async () => {
  const listening = diarize();
  diarizer.hold = bench.untilHeartbeat();
  await listening;
  expect(bench.heartbeats).toEqual([
    { phase: 'telling voices apart', doneMs: 40_000, totalMs: expect.any(Number) },
  ]);
});

it.each<[string, RunOptions['deps']]>([
  ['when it is switched off', {}],
  ['without ffmpeg', { ffmpeg: null }],
])('has nothing to do %s', async (when, deps) => {
  const off = when.endsWith('off') ? { providers: { ...bench.deps.providers, diarizer: null } } : {};
  await diarize({ deps: { ...deps, ...off } });
  expect(diarizer.heard).toEqual([]);
  expect(await voices()).toBeNull();
});

it('stops when it is cancelled, and saves nothing', async () => {
  diarizer.hold = new Promise(() => {});
  await expect(diarize({ cancelled: true })).rejects.toMatchObject({ name: 'CancelledFailure' });
  expect(await voices()).toBeNull();
});
