import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { speechContract } from '../../../../test/support/contracts/speech';
import { makeMedia, sampleAudio } from '../../../../test/support/audio';
import { rightTurns } from '../../../../test/support/voice-accuracy';
import { wordErrorRate } from '../../../../test/support/word-error-rate';
import type { HeardSegment } from '../../../domain/meeting';
import { assemble, nameSpeakers } from '../../../domain/speaking';
import { decodeToWav } from '../../../media/ffmpeg';
import { findFfmpeg, findSpeech, type SpeechTools } from '../../../tools';
import { localDiarizer } from './voices';
import { localSpeechToText } from './whisper';

let ffmpeg: string;
let tools: SpeechTools;
let dir: string;

beforeAll(async () => {
  [ffmpeg, tools] = await Promise.all([findFfmpeg(), findSpeech()]);
  dir = mkdtempSync(path.join(tmpdir(), 'speech-test-'));
}, 300_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function wavOf(name: string): Promise<string | null> {
  const file = sampleAudio(name);
  if (!file) return null;
  const wav = path.join(dir, `${name}.wav`);
  await decodeToWav(file, wav, { ffmpeg, maxSeconds: 600 });
  return wav;
}

const never = new AbortController().signal;

async function hear(wav: string, more: { fromMs?: number; language?: string; signal?: AbortSignal } = {}) {
  const segments: HeardSegment[] = [];
  const options = { language: null, fromMs: 0, signal: never, ...more };
  const result = await localSpeechToText(async () => tools).transcribe(wav, {
    ...options,
    onSegment: async (segment) => {
      await delay(1);
      segments.push(segment);
    },
  });
  return { result, segments, text: segments.map(({ text }) => text).join(' ') };
}

const voicesOf = (wav: string, onProgress = (_doneMs: number): void => undefined) =>
  localDiarizer(async () => tools).diarize(wav, { signal: never, onProgress });

const script = () => readFileSync(sampleAudio('script.txt') ?? '', 'utf8').replace(/^\w+: /gm, '');

speechContract('local', async () => {
  const wav = await wavOf('real-speech-librivox.mp3');
  const speech = localSpeechToText(async () => tools);
  return wav ? { speech, wav, durationMs: 24_740, words: /Dashwood/ } : null;
});

describe('the sample meeting', () => {
  it('is heard nearly word for word, and all three speakers get their names', async () => {
    const wav = await wavOf('meeting-flite.mp3');
    if (!wav) return;
    const [{ result, segments, text }, voices] = await Promise.all([hear(wav), voicesOf(wav)]);
    expect(wordErrorRate(script(), text)).toBeLessThanOrEqual(0.08);
    expect(result).toEqual({
      provider: 'local',
      model: 'faster-whisper tiny.en',
      quality: 'draft',
      language: 'en',
    });
    expect(segments.every((s) => s.startMs < s.endMs && s.endMs <= 77_470 && s.words.length > 0)).toBe(true);

    const { right, of } = rightTurns(sampleAudio('meeting-flite.json') ?? '', voices);
    expect([right >= 13, of]).toEqual([true, 14]);

    const spoken = assemble(segments, voices);
    const participants = ['Anna', 'Ben', 'Carol'].map((name) => ({ userId: name, name, email: '' }));
    const named = nameSpeakers(spoken, participants);
    expect(
      Object.values(named)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['Anna', 'Ben', 'Carol']);
    const by = (part: RegExp) => named[spoken.find((s) => part.test(s.text))?.speaker ?? '']?.name;
    expect([by(/Good morning/), by(/send you a report/), by(/customer e/)]).toEqual(['Anna', 'Ben', 'Carol']);
    for (const missing of participants) {
      const others = participants.filter((person) => person !== missing);
      for (const [label, { name }] of Object.entries(nameSpeakers(spoken, others))) {
        expect(named[label]?.name).toBe(name);
      }
    }
  }, 120_000);

  it('is heard from where an earlier attempt stopped, with times of the whole recording', async () => {
    const wav = await wavOf('meeting-flite.m4a');
    if (!wav) return;
    const { segments, text } = await hear(wav, { fromMs: 61_000 });
    expect(segments[0]?.startMs).toBeGreaterThanOrEqual(61_000);
    expect(segments.at(-1)?.endMs).toBeLessThanOrEqual(77_470);
    expect(text).toMatch(/invite the support team.*Goodbye/is);
    expect(text).not.toMatch(/finance/);
  }, 60_000);
});

it('hears every word of a person who reads, and ends with the recording', async () => {
  const wav = await wavOf('real-speech-librivox.mp3');
  if (!wav) return;
  const { segments, text } = await hear(wav);
  const words = readFileSync(sampleAudio('real-speech-librivox.txt') ?? '', 'utf8');
  expect(wordErrorRate(words, text)).toBeLessThanOrEqual(0.08);
  expect(segments.at(-1)?.endMs).toBeLessThanOrEqual(24_740);
}, 60_000);

it.each(['voices-3', 'voices-4'])(
  'tells the readers of %s apart, their number not told',
  async (name) => {
    const wav = await wavOf(`${name}.mp3`);
    if (!wav) return;
    const progress: number[] = [];
    const turns = await voicesOf(wav, (doneMs) => void progress.push(doneMs));
    const { right, of } = rightTurns(sampleAudio(`${name}.json`) ?? '', turns);
    expect(right / of).toBeGreaterThanOrEqual(0.95);
    expect(new Set(turns.map(({ voice }) => voice).filter((voice) => voice !== null)).size).toBe(
      Number(name.at(-1)),
    );
    expect(turns.find(({ voice }) => voice !== null)?.voice).toBe(0);
    expect(progress.at(-1)).toBeGreaterThan(100_000);
  },
  120_000,
);

it.each([
  ['silence', 'anullsrc=r=16000:cl=mono'],
  ['noise', 'anoisesrc=r=16000:a=0.1:seed=1'],
])(
  'hears nothing and nobody in %s',
  async (name, source) => {
    const wav = path.join(dir, `${name}.wav`);
    makeMedia(ffmpeg, ['-f', 'lavfi', '-i', source, '-t', '20', '-ac', '1', wav]);
    expect((await hear(wav)).segments).toEqual([]);
    expect(await voicesOf(wav)).toEqual([]);
  },
  60_000,
);

describe('refusals', () => {
  const sine = () => {
    const wav = path.join(dir, 'sine.wav');
    makeMedia(ffmpeg, ['-f', 'lavfi', '-i', 'sine=duration=2:sample_rate=16000', '-ac', '1', wav]);
    return wav;
  };

  it('knows English only, in any region, and says so', async () => {
    const wav = sine();
    await expect(hear(wav, { language: 'de' })).rejects.toMatchObject({
      code: 'language-not-supported',
      retryable: false,
      message: expect.stringMatching(/English only.*WHISPER_MODEL/),
    });
    expect((await hear(wav, { language: 'en-GB' })).result.language).toBe('en');
  }, 60_000);

  it('says what to set when the model is no model', async () => {
    const wav = sine();
    const broken = localSpeechToText(async () => ({ ...tools, model: dir }));
    const hearing = broken.transcribe(wav, {
      language: null,
      fromMs: 0,
      signal: never,
      onSegment: async () => {},
    });
    await expect(hearing).rejects.toMatchObject({
      code: 'speech-engine-missing',
      retryable: false,
      message: expect.stringContaining('WHISPER_MODEL'),
    });
  }, 60_000);

  it('may be tried again when the engine breaks down', async () => {
    await expect(hear(path.join(dir, 'no-such.wav'))).rejects.toMatchObject({
      code: 'speech-engine-failed',
      retryable: true,
    });
  }, 60_000);
});

it('stops when it is told to', async () => {
  const wav = await wavOf('meeting-flite.ogg');
  if (!wav) return;
  const stop = new AbortController();
  const hearing = localSpeechToText(async () => tools).transcribe(wav, {
    language: null,
    fromMs: 0,
    signal: stop.signal,
    onSegment: async () => stop.abort(),
  });
  await expect(hearing).rejects.toThrow(/abort/i);
}, 60_000);
