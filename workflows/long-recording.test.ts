import { startTestPipeline, type TestPipeline } from '../test/support/pipeline';
import { readHistory } from '../test/support/history';
import { insertMeeting, withMedia } from '../test/support/meetings';
import { eventually } from '../test/support/poll';
import { wavOf } from '../test/support/wav';
import { inChunks, json, startSpeechService, type SpeechStandIn } from '../test/support/vendors/rapidapi';
import { numberOf, sentence, SENTENCE_MS, speak, wordsOf } from '../test/support/vendors/rapidapi/beeps';
import { Meeting } from '../src/models/meeting';
import { TranscriptSegment } from '../src/models/transcript';
import { rapidApiSpeech } from '../src/providers/rapidapi';
import { speechToTextAi } from '../src/providers/rapidapi/profiles/speech-to-text-ai';
import { startPipeline } from '../src/temporal/runs';
import { findFfmpeg } from '../src/tools';
import { pipelineId } from './messages';

const KEY = 'rapid-CANARY-key';
const SENTENCES = 460;
const profile = { ...speechToTextAi, limits: { ...speechToTextAi.limits, maxSeconds: 120 } };
/** It is in the third piece of thirty minutes, wherever exactly the cuts are. */
const IN_THIRD_PIECE = Math.round(280_000 / SENTENCE_MS);

let service: SpeechStandIn;
let pipeline: TestPipeline;

beforeAll(async () => {
  const ffmpeg = await findFfmpeg();
  service = await startSpeechService({ profile, key: KEY, ffmpeg, say: inChunks });
  const settings = { profile, key: KEY, baseUrl: service.standIn.url, findFfmpeg: async () => ffmpeg };
  pipeline = await startTestPipeline({ speech: rapidApiSpeech(settings), diarizer: null });
}, 180_000);
afterAll(async () => {
  await pipeline.close();
  await service.standIn.close();
});

it('thirty minutes in pieces of two, the third answered with 504 twice: every word once, and a small history', async () => {
  const numbers = Array.from({ length: SENTENCES }, (_, n) => n);
  const db = pipeline.database.knex;
  const meeting = await insertMeeting(db);
  await withMedia(db, pipeline.providers.mediaStore, meeting, wavOf(speak(numbers.map(sentence))));
  const tooSlow: string[] = [];
  service.standIn.choose = (request) => {
    const said = service.service.heardOf(request).map(({ text }) => numberOf(text));
    if (tooSlow.length === 2 || !said.includes(IN_THIRD_PIECE)) return undefined;
    tooSlow.push(`${said[0]}-${said.at(-1)}`);
    return { answer: json(504, { messages: 'The request to the API has timed out' }) };
  };
  await startPipeline(
    pipeline.temporal.client,
    await Meeting.query(db).findById(meeting.id).throwIfNotFound(),
  );
  const done = await eventually(
    async () => {
      const found = await Meeting.query(db).findById(meeting.id).throwIfNotFound();
      expect([found.status, found.failure]).toEqual(['ready', null]);
      return found;
    },
    { deadlineMs: 200_000, intervalMs: 250 },
  );
  const segments = await TranscriptSegment.query(db)
    .where('transcript_id', done.transcriptId)
    .orderBy('ordinal');
  expect(segments.map(({ text }) => text).join(' ')).toBe(numbers.map((n) => wordsOf(sentence(n))).join(' '));
  expect(service.standIn.violations).toEqual([]);

  const lengths = service.standIn.ledger.map((request) => service.service.soundOf(request).length / 32_000);
  const pieces = Math.ceil((SENTENCES * SENTENCE_MS) / 119_000);
  // The third piece, its half, and the two quarters of that and the other half.
  expect(lengths).toHaveLength(pieces + 4);
  expect(lengths.filter((seconds) => seconds < 90)).toHaveLength(4);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(120);

  const history = await readHistory(pipeline.temporal.client, pipelineId(meeting.id));
  expect(history.events).toBeLessThanOrEqual(150);
  expect(history.text).not.toMatch(/CANARY|w\d+ w\d+/);
}, 240_000);
