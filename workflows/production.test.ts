/** The sample recording through the production providers: each vendor's own client against a stand-in on loopback. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig } from '../src/config';
import { Meeting } from '../src/models/meeting';
import { projectRoot } from '../src/project-root';
import { createMediaStore } from '../src/providers';
import { speechToTextAi } from '../src/providers/rapidapi/profiles/speech-to-text-ai';
import { whisperApi } from '../src/providers/rapidapi/profiles/whisper-api';
import { findFfmpeg, findSpeech } from '../src/tools';
import { startTestApi, type TestApi } from '../test/support/api';
import { brokenQuotes, people, resting, upload, type ShownMeeting } from '../test/support/client';
import { readHistory } from '../test/support/history';
import { startTestPipeline, type TestPipeline } from '../test/support/pipeline';
import { eventually } from '../test/support/poll';
import { SAMPLE_LINES } from '../test/support/sample';
import { heard } from '../test/support/scripted-speech';
import { API_KEY, startGemini, type Gemini, type Mind } from '../test/support/vendors/gemini';
import { GoogleStandIn, keyFile } from '../test/support/vendors/google';
import { inChunks, inSegments, startSpeechService } from '../test/support/vendors/rapidapi';
import { ACCOUNT, BUCKET, startS3 } from '../test/support/vendors/s3/stand-in';
import { SendGridStandIn } from '../test/support/vendors/sendgrid';
import type { StandIn } from '../test/support/vendors/stand-in';
import { KEY as SUPABASE_KEY, startSupabase } from '../test/support/vendors/supabase/stand-in';
import { pipelineId } from './messages';

const SPEECH_KEY = 'rapidapi-canary-key';
const MAIL_KEY = 'SG.canary-key.of-the-stand-in';
const recording = path.join(projectRoot, 'samples/meeting-flite.mp3');
/** What a speech service without speakers hears in the sample. */
const words = heard(SAMPLE_LINES).map(({ startMs, endMs, text }) => ({ startMs, endMs, text }));

/** A model that finds the first promise of each participant, the date as it was spoken. */
const mind: Mind = ({ lines }) => {
  const cite = (part: string) => {
    const line = lines.find((shown) => shown.words.includes(part));
    return [{ line: line!.number, quote: part }];
  };
  const item = (name: string, owner: string, deadline: string, quote: string) => ({
    name,
    owner,
    deadline,
    category: null,
    evidence: cite(quote),
  });
  return {
    actionItems: [
      item('Fix the payment tests', 'Ben', 'by Friday', 'I will fix the payment tests by Friday'),
      item('Write the customer email', 'Carol', 'by next Wednesday', 'I will write the customer email'),
    ],
    decisions: [
      {
        text: 'Move the launch to the tenth of November',
        evidence: cite('We have decided to move the launch to the tenth of November.'),
      },
    ],
    questions: [],
  };
};

describe.each([
  ['S3 and speech-to-text-ai', 's3', speechToTextAi, inChunks],
  ['Supabase and whisper-api', 'supabase', whisperApi, inSegments],
] as const)('through %s, Gemini, SendGrid and Google', (_, storage, profile, say) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'production-test-'));
  const standIns: StandIn[] = [];
  let sendgrid: SendGridStandIn;
  let google: GoogleStandIn;
  let gemini: Gemini;
  let stored: () => number;
  let pipeline: TestPipeline;
  let api: TestApi;

  async function storageEnv(): Promise<Record<string, string>> {
    if (storage === 's3') {
      const { s3, bucket } = await startS3();
      standIns.push(s3);
      stored = () => bucket.objects.size;
      return {
        S3_BUCKET: BUCKET,
        S3_ENDPOINT: s3.url,
        S3_FORCE_PATH_STYLE: 'true',
        AWS_REGION: ACCOUNT.region,
        AWS_ACCESS_KEY_ID: ACCOUNT.accessKeyId,
        AWS_SECRET_ACCESS_KEY: ACCOUNT.secretAccessKey,
      };
    }
    const { supabase, objects } = await startSupabase();
    standIns.push(supabase);
    stored = () => objects.size;
    return { SUPABASE_URL: supabase.url, SUPABASE_SERVICE_ROLE_KEY: SUPABASE_KEY, SUPABASE_BUCKET: BUCKET };
  }

  async function providersEnv(): Promise<Record<string, string>> {
    const ffmpeg = await findFfmpeg();
    const speech = await startSpeechService({
      profile,
      key: SPEECH_KEY,
      ffmpeg,
      say: (_beeps, seconds) => say(words, seconds),
    });
    gemini = await startGemini();
    gemini.think(mind);
    sendgrid = await new SendGridStandIn(MAIL_KEY).listen();
    google = await new GoogleStandIn().listen();
    standIns.push(speech.standIn, gemini.standIn, sendgrid, google);
    const keys = path.join(directory, 'google.json');
    writeFileSync(keys, keyFile());
    for (const name of ['anna', 'ben', 'carol']) google.tokens.workspace.add(`${name}@example.com`);
    return {
      FFMPEG_PATH: ffmpeg,
      RAPIDAPI_KEY: SPEECH_KEY,
      RAPIDAPI_PROFILE: profile.name,
      RAPIDAPI_BASE_URL: speech.standIn.url,
      GEMINI_API_KEY: API_KEY,
      GEMINI_BASE_URL: gemini.url,
      SENDGRID_API_KEY: MAIL_KEY,
      SENDGRID_FROM_EMAIL: 'team@example.com',
      SENDGRID_BASE_URL: sendgrid.url,
      GOOGLE_SERVICE_ACCOUNT_FILE: keys,
      GOOGLE_BASE_URL: google.url,
      GOOGLE_TOKEN_URL: google.tokenUrl,
    };
  }

  beforeAll(async () => {
    await findSpeech();
    const env = { ...(await storageEnv()), ...(await providersEnv()) };
    pipeline = await startTestPipeline({ env });
    const config = loadConfig({ NODE_ENV: 'test', DATABASE_URL: pipeline.database.url, ...env });
    api = await startTestApi({
      db: pipeline.database.knex,
      temporal: pipeline.temporal.client,
      mediaStore: createMediaStore(config),
    });
  }, 180_000);
  afterAll(async () => {
    await api.close();
    await pipeline.close();
    await Promise.all(standIns.map((standIn) => standIn.close()));
    rmSync(directory, { recursive: true });
  });

  let meeting: ShownMeeting;

  it('makes the sample ready: words from the service, voices from the sound, items from the model', async () => {
    const id = await upload(api.url, recording, {
      recordedAt: '2025-10-14',
      participants: people('Anna', 'Ben', 'Carol'),
    });
    meeting = await resting(api.url, id, 150_000);
    expect(meeting).toMatchObject({ status: 'ready', failure: null });
    expect(stored()).toBe(1);
    expect(meeting.transcript).toContain('I will write the customer email');
    expect(brokenQuotes(meeting)).toEqual([]);
    const names = new Map(meeting.participants.map(({ userId, name }) => [userId, name]));
    expect(
      meeting.actionItems.map(({ owner, deadline }) => [names.get(owner ?? ''), deadline]).sort(),
    ).toEqual([
      ['Ben', '2025-10-17'],
      ['Carol', '2025-10-22'],
    ]);
  }, 180_000);

  it('has mailed each owner once and put one entry on each calendar', async () => {
    const onCalendar = (name: string) => google.events(`${name}@example.com`).map(({ summary }) => summary);
    await eventually(() => {
      expect(onCalendar('ben')).toEqual(['Fix the payment tests']);
      expect(onCalendar('carol')).toEqual(['Write the customer email']);
      expect(sendgrid.accepted).toHaveLength(2);
    });
    expect(
      sendgrid
        .mails()
        .map(({ to }) => to[0]?.email)
        .sort(),
    ).toEqual(['ben@example.com', 'carol@example.com']);
  });

  it('has broken no contract', () => {
    expect(standIns.flatMap(({ violations }) => violations)).toEqual([]);
    expect(standIns.every(({ ledger }) => ledger.length > 0)).toBe(true);
  });

  it('has left no key and nothing that was said in workflow history', async () => {
    const history = await readHistory(pipeline.temporal.client, pipelineId(meeting.id));
    expect(history.text).not.toMatch(/canary|payment tests|@example\.com/);
    expect(history.events).toBeLessThanOrEqual(150);
    expect(await Meeting.query(pipeline.database.knex).resultSize()).toBe(1);
  });
});
