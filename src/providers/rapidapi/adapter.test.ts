import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hear, sentence, speak, wordsOf } from '../../../test/support/vendors/rapidapi/beeps';
import {
  inChunks,
  inSegments,
  json,
  startSpeechService,
  type SpeechStandIn,
} from '../../../test/support/vendors/rapidapi';
import { partsOf } from '../../../test/support/vendors/rapidapi/multipart';
import { STATUS_TABLE } from '../../../test/support/vendors/rapidapi/status-table';
import { speechContract } from '../../../test/support/contracts/speech';
import type { HeardSegment } from '../../domain/meeting';
import { WavFile } from '../../media/wav-file';
import { findFfmpeg } from '../../tools';
import { rapidApiSpeech } from '.';
import type { SpeechProfile } from './profile';
import { speechToTextAi } from './profiles/speech-to-text-ai';
import { whisperApi } from './profiles/whisper-api';

const KEY = 'rapid-CANARY-7d1f';
const DEADLINE_MS = 700;
const never = new AbortController().signal;
const impatient: SpeechProfile = {
  ...speechToTextAi,
  limits: { ...speechToTextAi.limits, timeoutMs: DEADLINE_MS },
};
const SAID = [wordsOf(sentence(1)), wordsOf(sentence(2))];

let ffmpeg: string;
let dir: string;
let wav: string;
let service: SpeechStandIn;

beforeAll(async () => {
  ffmpeg = await findFfmpeg();
  dir = mkdtempSync(path.join(tmpdir(), 'rapidapi-test-'));
  wav = path.join(dir, 'piece.wav');
  const file = await WavFile.create(wav);
  await file.append(speak([sentence(1), sentence(2)]));
  await file.finish();
  await file.close();
  service = await startSpeechService({ profile: speechToTextAi, key: KEY, ffmpeg, say: inChunks });
}, 180_000);
afterAll(async () => {
  await service.standIn.close();
  rmSync(dir, { recursive: true, force: true });
});
beforeEach(() => service.standIn.clear());

async function heardBy(
  profile: SpeechProfile = impatient,
  { at = service.standIn.url, key = KEY, language = null as string | null, signal = never } = {},
) {
  const speech = rapidApiSpeech({ profile, key, baseUrl: at, findFfmpeg: async () => ffmpeg });
  const segments: HeardSegment[] = [];
  const onSegment = async (segment: HeardSegment) => void segments.push(segment);
  const result = await speech.transcribe(wav, { language, fromMs: 0, signal, onSegment });
  return { result, segments, texts: segments.map(({ text }) => text) };
}

async function failure(profile?: SpeechProfile, options?: Parameters<typeof heardBy>[1]) {
  return heardBy(profile, options).then(
    () => {
      throw new Error('it was heard');
    },
    (error: Error) => error,
  );
}

speechContract('rapidapi', async () => ({
  speech: rapidApiSpeech({
    profile: speechToTextAi,
    key: KEY,
    baseUrl: service.standIn.url,
    findFfmpeg: async () => ffmpeg,
  }),
  wav,
  durationMs: 7840,
  words: new RegExp(SAID.join(' ')),
}));

describe('a piece', () => {
  it('is sent as the service wants it and comes back with times', async () => {
    const { result, segments, texts } = await heardBy(speechToTextAi, { language: 'en-GB' });
    expect(service.standIn.violations).toEqual([]);
    expect(texts).toEqual(SAID);
    expect(result).toEqual({
      provider: 'rapidapi',
      model: 'speech-to-text-ai',
      quality: 'standard',
      language: 'en',
    });
    expect(Math.abs(segments[1]!.startMs - 3920)).toBeLessThan(100);
    const fields = partsOf(service.standIn.ledger[0]!).map(({ name, body }) => [
      name,
      body.toString('latin1').slice(0, 10),
    ]);
    expect(fields).toEqual(
      expect.arrayContaining([
        ['task', 'transcribe'],
        ['lang', 'en'],
      ]),
    );
    expect(readdirSync(dir)).toEqual(['piece.wav']);
  });

  it('goes to whisper-api by that profile alone', async () => {
    const whisper = await startSpeechService({ profile: whisperApi, key: KEY, ffmpeg, say: inSegments });
    const { result, texts } = await heardBy(whisperApi, { at: whisper.standIn.url });
    expect([texts, whisper.standIn.violations]).toEqual([SAID, []]);
    expect(result).toMatchObject({ model: 'whisper-api', language: 'en' });
    await whisper.standIn.close();
  });

  it('comes back as one segment from a service that knows no times', async () => {
    service.standIn.next({ answer: json(200, { success: true, text: SAID.join(' ') }) });
    const { segments } = await heardBy();
    expect(segments).toEqual([expect.objectContaining({ startMs: 0, endMs: 7840, text: SAID.join(' ') })]);
  });

  it.each([{ text: '' }, { text: null }, { text: ' ', chunks: [] }])(
    'may hold no words: %j',
    async (answer) => {
      service.standIn.next({ answer: json(200, answer) });
      expect((await heardBy()).segments).toEqual([]);
    },
  );

  it('stays below the limits of the service by a second', () => {
    const limits = (change: object) =>
      rapidApiSpeech({
        profile: { ...impatient, limits: { ...impatient.limits, ...change } },
        key: KEY,
        baseUrl: null,
        findFfmpeg: async () => ffmpeg,
      }).limits;
    expect(limits({ maxSeconds: 120 }).maxPieceSeconds).toBe(119);
    expect(limits({ maxBytes: 1_000_000 }).maxPieceSeconds).toBeLessThan(164);
    expect(limits({ maxBytes: 1_000_000, accept: ['audio/flac'] }).maxPieceSeconds).toBeLessThan(30);
  });

  it.each([['audio/wav'], ['.flac'], ['mp3']])(
    'is packed as %s when that is what is read',
    async (accept) => {
      const profile = { ...speechToTextAi, limits: { ...speechToTextAi.limits, accept: [accept] } };
      expect((await heardBy(profile)).texts).toEqual(SAID);
      const file = partsOf(service.standIn.ledger[0]!).find(({ filename }) => filename);
      expect(file!.filename).toBe(`piece.${accept.replace(/^audio\/|^\./, '')}`);
    },
  );
});

describe('what the gateway answers', () => {
  it.each(STATUS_TABLE.map((row) => [row.what, row] as const))('%s', async (_what, row) => {
    service.standIn.next(row.order());
    const error = await failure('flood' in row.order() ? speechToTextAi : impatient);
    expect(error).toMatchObject({
      name: 'ProviderError',
      code: row.code,
      retryable: row.retryable,
      outcome: row.outcome,
    });
    const { retryAfterMs } = error as unknown as { retryAfterMs: number | null };
    if (row.waitMs === null) expect(retryAfterMs).toBeNull();
    else expect(Math.abs((retryAfterMs ?? 0) - row.waitMs)).toBeLessThanOrEqual(2000);
    expect(service.standIn.ledger).toHaveLength(1);
  });

  it('nothing, because nobody is there: nothing was sent, try again', async () => {
    const gone = await startSpeechService({ profile: impatient, key: KEY, ffmpeg, say: inChunks });
    const at = gone.standIn.url;
    await gone.standIn.close();
    expect(await failure(impatient, { at })).toMatchObject({
      code: 'speech-unreachable',
      retryable: true,
      outcome: 'rejected',
    });
  });

  it('JSON a hundred thousand levels deep: one clear failure', async () => {
    const body = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    service.standIn.next({ answer: { status: 200, body } });
    expect(await failure()).toMatchObject({
      code: expect.stringMatching(/bad-response|speech-profile-wrong/),
    });
  });

  it('after a wait was told, nobody calls until it is over', async () => {
    const speech = rapidApiSpeech({
      profile: impatient,
      key: KEY,
      baseUrl: service.standIn.url,
      findFfmpeg: async () => ffmpeg,
    });
    const call = () =>
      speech.transcribe(wav, { language: null, fromMs: 0, signal: never, onSegment: async () => {} });
    service.standIn.next({ answer: json(429, { message: 'x' }, { 'retry-after': '17' }) });
    await expect(call()).rejects.toMatchObject({ retryAfterMs: 17_000 });
    const again = await call().catch((error: unknown) => error);
    expect(again).toMatchObject({ code: 'rate-limited', retryable: true });
    expect((again as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(15_000);
    expect(service.standIn.ledger).toHaveLength(1);
  });
});

it('stops when it is told to', async () => {
  const stop = new AbortController();
  service.standIn.choose = () => {
    stop.abort();
    return { hang: true };
  };
  await expect(heardBy(speechToTextAi, { signal: stop.signal })).rejects.toMatchObject({
    name: 'AbortError',
  });
});

it('lets neither the key nor a sentence into anything that it throws', async () => {
  const sentenceSaid = 'the CANARY sang about the merger';
  const echo = (status: number) => json(status, { message: `${KEY} ${sentenceSaid}`, [sentenceSaid]: KEY });
  for (const status of [200, 400, 401, 403, 404, 413, 422, 429, 500, 502, 504])
    service.standIn.next({ answer: echo(status) });
  service.standIn.next({ answer: { status: 200, body: `{"text": "${sentenceSaid}` } }, { reset: true });
  for (let call = 0; call < 13; call++) {
    const error = await failure();
    const everything = [
      error.message,
      error.stack,
      JSON.stringify(error),
      String(error.cause),
      JSON.stringify(error.cause ?? null),
    ].join();
    expect(everything).not.toMatch(/CANARY|merger/);
  }
  expect(service.standIn.ledger).toHaveLength(13);
});

it('understands the language of beeps, whole', () => {
  expect(hear(speak([sentence(40), null, sentence(41)])).map(({ text }) => text)).toEqual([
    wordsOf(sentence(40)),
    wordsOf(sentence(41)),
  ]);
});
