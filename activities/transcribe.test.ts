import fc from 'fast-check';
import { RecordingBench } from '../test/support/recordings';
import { inChunks, json, startSpeechService, type SpeechStandIn } from '../test/support/vendors/rapidapi';
import { numberOf, sentence, SENTENCE_MS, speak, wordsOf } from '../test/support/vendors/rapidapi/beeps';
import { STATUS_TABLE } from '../test/support/vendors/rapidapi/status-table';
import type { SeenRequest } from '../test/support/vendors/stand-in';
import type { SpeechToText } from '../src/ports';
import { rapidApiSpeech } from '../src/providers/rapidapi';
import type { LimitsProfile, SpeechProfile } from '../src/providers/rapidapi/profile';
import { speechToTextAi } from '../src/providers/rapidapi/profiles/speech-to-text-ai';
import { TranscriptPiece } from '../src/models/transcript';

const KEY = 'rapid-key';
const LIMITS: LimitsProfile = { ...speechToTextAi.limits, maxSeconds: 41, timeoutMs: 5000 };
const CONTRACT: SpeechProfile = { ...speechToTextAi, limits: LIMITS };

let bench: RecordingBench;
let service: SpeechStandIn;

beforeAll(async () => {
  bench = await RecordingBench.open();
  service = await startSpeechService({ profile: CONTRACT, key: KEY, ffmpeg: bench.ffmpeg, say: inChunks });
}, 180_000);
afterAll(async () => {
  await service.standIn.close();
  await bench.close();
});
beforeEach(() => service.standIn.clear());
afterEach(() => expect(service.standIn.violations).toEqual([]));

const speechWith = (limits: Partial<LimitsProfile> = {}): SpeechToText =>
  rapidApiSpeech({
    profile: { ...CONTRACT, limits: { ...LIMITS, ...limits } },
    key: KEY,
    baseUrl: service.standIn.url,
    findFfmpeg: async () => bench.ffmpeg,
  });

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);
const spoken = (count: number) => speak(numbers(count).map(sentence));
const textOf = (count: number) =>
  numbers(count)
    .map((n) => wordsOf(sentence(n)))
    .join(' ');

/** The first and last sentence that a request carries. */
function rangeOf(request: SeenRequest): string {
  const heard = service.service.heardOf(request).map(({ text }) => numberOf(text));
  return `${heard[0]}-${heard.at(-1)}`;
}
const ranges = () => service.standIn.ledger.map(rangeOf);

describe('a recording longer than the service takes', () => {
  it('is cut in pauses, heard side by side and put together word for word', async () => {
    const work = await bench.recording(spoken(50));
    expect(await bench.hear(speechWith(), work)).toBeNull();
    const { text, segments, row } = await bench.transcript(speechWith(), work);
    expect(text).toBe(textOf(50));
    expect(row).toMatchObject({
      provider: 'rapidapi',
      model: 'speech-to-text-ai',
      quality: 'standard',
      language: 'en',
    });
    expect(new Set(ranges()).size).toBe(5);
    expect(service.standIn.ledger).toHaveLength(5);
    for (const { startMs, text: words } of segments) {
      const first = numberOf(words.split(' ').slice(0, 2).join(' '));
      expect(Math.abs((startMs ?? 0) - first * SENTENCE_MS)).toBeLessThan(150);
    }
  }, 60_000);

  it('is paid for once when an attempt breaks off: only what is missing is sent again', async () => {
    const work = await bench.recording(spoken(50));
    let calls = 0;
    service.standIn.choose = () => (++calls === 3 ? { answer: json(500, {}) } : undefined);
    expect(await bench.hear(speechWith(), work)).toBeNull();
    expect((await bench.transcript(speechWith(), work)).text).toBe(textOf(50));
    const refused = service.standIn.ledger.filter(({ status }) => status === 500).map(rangeOf);
    expect(refused).toHaveLength(1);
    expect(ranges().filter((range) => range === refused[0])).toHaveLength(2);
    expect(service.standIn.ledger).toHaveLength(6);
  }, 60_000);

  it('goes on with what a failed request has heard when it is asked for again', async () => {
    const work = await bench.recording(spoken(30));
    let calls = 0;
    service.standIn.choose = () => (++calls === 3 ? { answer: json(403, {}) } : undefined);
    expect(await bench.hear(speechWith(), work)).toMatchObject({
      type: 'speech-not-subscribed',
      nonRetryable: true,
    });
    service.standIn.clear();
    const again = await bench.again(work, 'failed');
    expect(await bench.hear(speechWith(), again)).toBeNull();
    expect(service.standIn.ledger).toHaveLength(1);
    expect((await bench.transcript(speechWith(), again)).text).toBe(textOf(30));
  }, 60_000);

  it.each([
    ['413', json(413, { message: 'Payload Too Large' })],
    ['504', json(504, { messages: 'The request to the API has timed out' })],
  ])(
    'has a piece halved that the service answers with %s, and only that one',
    async (_what, answer) => {
      const work = await bench.recording(spoken(30));
      service.standIn.choose = (request) => (rangeOf(request) === '10-19' ? { answer } : undefined);
      expect(await bench.hear(speechWith(), work)).toBeNull();
      expect(ranges().sort()).toEqual(['0-9', '10-14', '10-19', '15-19', '20-29']);
      expect((await bench.pieces(work)).map(({ depth, state }) => [depth, state])).toEqual([
        [0, 'done'],
        [1, 'done'],
        [1, 'done'],
        [0, 'done'],
      ]);
      expect((await bench.transcript(speechWith(), work)).text).toBe(textOf(30));
    },
    60_000,
  );
});

describe('guards', () => {
  it('send no silence, and believe nothing that was heard in it', async () => {
    const said = numbers(30).map((n) => (n >= 3 && n < 23 ? null : sentence(n)));
    const work = await bench.recording(speak(said));
    service.standIn.choose = (request) => {
      const heard = service.service.heardOf(request);
      const answer = inChunks(heard, 40);
      if (heard[0]?.text !== wordsOf(sentence(0))) return undefined;
      // What Whisper says when nobody speaks: in the twentieth second of the first piece nobody does.
      const ghost = { text: 'Thank you for watching!', offset: '20', duration: 4 };
      return { answer: json(200, { ...answer, chunks: [...answer.chunks, ghost] }) };
    };
    expect(await bench.hear(speechWith(), work)).toBeNull();
    const { text, row } = await bench.transcript(speechWith(), work);
    expect(text).not.toMatch(/Thank/);
    expect(row.dropped).toBe(1);
    expect(ranges().sort()).toEqual(['0-2', '23-29']);
  }, 60_000);

  it('drop a phrase that the model repeats, and count it', async () => {
    const work = await bench.recording(spoken(5));
    const chunks = Array.from({ length: 9 }, (_, i) => ({ text: 'So, so.', offset: i * 2, duration: 1 }));
    service.standIn.next({ answer: json(200, { text: 'x', chunks }) });
    expect(await bench.hear(speechWith(), work)).toBeNull();
    const { text, row } = await bench.transcript(speechWith(), work);
    expect([text, row.dropped]).toEqual(['So, so. So, so. So, so.', 6]);
  });

  it('make nothing of a recording of nothing, without a call', async () => {
    const work = await bench.recording(speak([null, null]));
    expect(await bench.hear(speechWith(), work)).toBeNull();
    expect((await bench.transcript(speechWith(), work)).segments).toEqual([]);
    expect(service.standIn.ledger).toEqual([]);
  });
});

describe('what a piece that is too short to be halved costs when it goes on', () => {
  const rows = STATUS_TABLE.filter(({ calls }) => calls !== null).map(
    (row) => [row.calls, row.what, row] as const,
  );
  it.each(rows)('%d call(s): %s', async (calls, _what, row) => {
    const work = await bench.recording(spoken(2));
    service.standIn.choose = () => row.order();
    const failure = await bench.hear(speechWith({ timeoutMs: 600 }), work);
    expect(failure).toMatchObject({ nonRetryable: true });
    expect(service.standIn.ledger).toHaveLength(calls!);
    expect(failure!.message.length).toBeLessThanOrEqual(200);
  });
});

describe('how long it waits', () => {
  const told = STATUS_TABLE.filter(({ waitMs }) => waitMs !== null).map((row) => [row.what, row] as const);
  it.each(told)('after %s: as told, and nobody calls meanwhile', async (_what, row) => {
    const work = await bench.recording(spoken(2));
    const speech = speechWith();
    service.standIn.next(row.order());
    const failure = await bench.hear(speech, work, 1);
    expect(failure).toMatchObject({ type: row.code, nonRetryable: false });
    expect(Math.abs(Number(failure!.nextRetryDelay) - row.waitMs!)).toBeLessThanOrEqual(3000);
    await bench.attempt('transcribe', speech, work);
    expect(service.standIn.ledger).toHaveLength(1);
  });
});

it('accepted, then reset: at most two calls for any piece, in twenty random runs', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), async (resets) => {
      service.standIn.clear();
      const order = [...resets];
      service.standIn.choose = () => (order.shift() ? { reset: true } : undefined);
      const work = await bench.recording(spoken(8));
      const failure = await bench.hear(speechWith({ maxSeconds: 18 }), work);
      const calls = ranges();
      for (const range of new Set(calls))
        expect(calls.filter((other) => other === range).length).toBeLessThanOrEqual(2);
      if (failure) expect(failure).toMatchObject({ type: 'speech-interrupted', nonRetryable: true });
      else expect((await bench.transcript(speechWith(), work)).text).toBe(textOf(8));
    }),
    { numRuns: 20 },
  );
}, 120_000);

it('a piece that two workers hear at once is saved once', async () => {
  const work = await bench.recording(spoken(5));
  await bench.attempt('probe', speechWith(), work);
  const both = await Promise.all([1, 2].map(() => bench.attempt('transcribe', speechWith(), work)));
  expect(both).toEqual([null, null]);
  expect(
    await TranscriptPiece.query(bench.database.knex)
      .where({ state: 'pending' })
      .whereIn(
        'transcript_id',
        (await bench.pieces(work)).map(({ transcriptId }) => transcriptId),
      ),
  ).toEqual([]);
  expect((await bench.transcript(speechWith(), work)).text).toBe(textOf(5));
});
