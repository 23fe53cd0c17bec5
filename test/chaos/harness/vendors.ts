/** The vendors of the stack under test. They live with the suite, so they survive every kill, and they count. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { speechToTextAi } from '../../../src/providers/rapidapi/profiles/speech-to-text-ai';
import type { SentMail } from '../../support/contracts/mailer';
import { API_KEY, shownIn, startGemini, type Gemini, type Mind } from '../../support/vendors/gemini';
import { GoogleStandIn, keyFile } from '../../support/vendors/google';
import { inChunks, startSpeechService, type SpeechStandIn } from '../../support/vendors/rapidapi';
import { numberOf } from '../../support/vendors/rapidapi/beeps';
import { SendGridStandIn } from '../../support/vendors/sendgrid';
import type { Choose, Misbehaviour, SeenRequest, StandIn } from '../../support/vendors/stand-in';
import { EVERYBODY, markOfRecording } from './cast';
import type { Random } from './random';

const SPEECH_KEY = 'rapidapi-key-of-the-stand-in';
const MAIL_KEY = 'SG.key.of-the-stand-in';

/** Long enough that a fault finds calls under way. */
const LATENCY = { shortestMs: 20, longestMs: 250 };

export type Step = 'transcribe' | 'extract';

export interface Call {
  step: Step;
  mark: string;
  /** `performance.now()` */
  atMs: number;
}

/** What is promised with a date becomes an item, word for word. */
const mind: Mind = ({ lines }) => {
  const promises = lines.flatMap((line) => {
    const [, name, deadline] = /I will ((?:write|call) .+?) (by .+)\.$/.exec(line.words) ?? [];
    return name && deadline ? [{ line, name, deadline }] : [];
  });
  const decided = lines.filter(({ words }) => words.includes('We have decided'));
  return {
    actionItems: promises.map(({ line, name, deadline }) => ({
      name: name.charAt(0).toUpperCase() + name.slice(1),
      owner: line.speaker,
      deadline,
      category: null,
      evidence: [{ line: line.number, quote: line.words }],
    })),
    decisions: decided.map(({ number, words }) => ({
      text: words,
      evidence: [{ line: number, quote: words }],
    })),
    questions: [],
  };
};

export class Vendors {
  private readonly marks = new WeakMap<SeenRequest, string>();

  private constructor(
    readonly speech: SpeechStandIn,
    readonly gemini: Gemini,
    readonly sendgrid: SendGridStandIn,
    readonly google: GoogleStandIn,
    readonly env: Record<string, string>,
    private readonly random: Random,
  ) {
    for (const email of EVERYBODY) google.tokens.workspace.add(email);
    this.behave();
  }

  static async open(directory: string, ffmpeg: string, random: Random): Promise<Vendors> {
    const speech = await startSpeechService({
      profile: speechToTextAi,
      key: SPEECH_KEY,
      ffmpeg,
      say: inChunks,
    });
    const gemini = await startGemini();
    gemini.think(mind);
    const sendgrid = await new SendGridStandIn(MAIL_KEY).listen();
    const google = await new GoogleStandIn().listen();
    const keys = path.join(directory, 'google.json');
    writeFileSync(keys, keyFile());
    return new Vendors(
      speech,
      gemini,
      sendgrid,
      google,
      {
        FFMPEG_PATH: ffmpeg,
        DIARIZATION_PROVIDER: 'off',
        RAPIDAPI_KEY: SPEECH_KEY,
        RAPIDAPI_BASE_URL: speech.standIn.url,
        GEMINI_API_KEY: API_KEY,
        GEMINI_BASE_URL: gemini.url,
        SENDGRID_API_KEY: MAIL_KEY,
        SENDGRID_FROM_EMAIL: 'team@example.com',
        SENDGRID_BASE_URL: sendgrid.url,
        GOOGLE_SERVICE_ACCOUNT_FILE: keys,
        GOOGLE_BASE_URL: google.url,
        GOOGLE_TOKEN_URL: google.tokenUrl,
      },
      random,
    );
  }

  /** From now on everybody answers as they should, each at their own pace. */
  behave(): void {
    for (const standIn of this.all()) standIn.choose = () => this.pace();
  }

  /** A call is treated so when `choose` says so, else as usual. */
  misbehave(standIn: StandIn, choose: Choose): void {
    standIn.choose = (request) => choose(request) ?? this.pace();
  }

  /** The calls that cost money, of the meetings with these marks. */
  calls(marks: ReadonlySet<string>): Call[] {
    const of = (step: Step, standIn: StandIn) =>
      standIn.ledger.map((request) => ({ step, mark: this.markOf(step, request), atMs: request.atMs }));
    const all = [...of('transcribe', this.speech.standIn), ...of('extract', this.gemini.standIn)];
    return all.filter(({ mark }) => marks.has(mark));
  }

  /** Which meeting a call is about; '' = none of ours. */
  markOf(step: Step, request: SeenRequest): string {
    const known = this.marks.get(request);
    if (known !== undefined) return known;
    const mark = step === 'transcribe' ? this.markInSound(request) : markInWords(wordsIn(request));
    this.marks.set(request, mark);
    return mark;
  }

  mails(): SentMail[] {
    return this.sendgrid.mails();
  }

  /** What stands on somebody's calendar. */
  entries(email: string): string[] {
    return this.google.events(email).map(({ summary }) => String(summary));
  }

  /** Everything that was against a vendor's contract. */
  violations(): string[] {
    return this.all().flatMap(({ violations }) => violations);
  }

  async close(): Promise<void> {
    await Promise.all(this.all().map((standIn) => standIn.close()));
  }

  private all(): StandIn[] {
    return [this.speech.standIn, this.gemini.standIn, this.sendgrid, this.google];
  }

  private pace(): Misbehaviour {
    return { delayMs: this.random.between(LATENCY.shortestMs, LATENCY.longestMs) };
  }

  private markInSound(request: SeenRequest): string {
    const heard = this.speech.service.heardOf(request);
    return markOfRecording(numberOf(heard.map(({ text }) => text).join(' ')));
  }
}

const wordsIn = (request: SeenRequest): string =>
  shownIn(request)
    .lines.map(({ words }) => words)
    .join(' ');

function markInWords(words: string): string {
  const mark = /\bk\d+z\b/.exec(words)?.[0];
  if (mark) return mark;
  return /^w\d+ w\d+/.test(words) ? markOfRecording(numberOf(words)) : '';
}
