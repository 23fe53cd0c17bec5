/** RapidAPI's gateway with a speech service behind it, on loopback. It hears the language of `beeps.ts`. */
import { spawnSync } from 'node:child_process';
import type { SpeechProfile } from '../../../../src/providers/rapidapi/profile';
import { StandIn, type Answer, type SeenRequest, type Vendor } from '../stand-in';
import { hear, type HeardBeeps } from './beeps';
import { partsOf, type Part } from './multipart';

export interface SpeechContract {
  /** The contract that requests are held to. */
  profile: SpeechProfile;
  key: string;
  ffmpeg: string;
  /** The answer of the service, from what it heard. */
  say(heard: HeardBeeps[], seconds: number): unknown;
}

const JSON_TYPE = { 'content-type': 'application/json' };
/** Frames that an encoder adds. */
const TOLERANCE_SECONDS = 0.2;

export const json = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { ...JSON_TYPE, ...headers },
  body: JSON.stringify(body),
});

/** As `speech-to-text-ai` answers. */
export const inChunks = (heard: HeardBeeps[], seconds: number) => ({
  text: heard.map(({ text }) => text).join(' '),
  chunks: heard.map(({ startMs, endMs, text }) => ({
    text: ` ${text}`,
    offset: String(startMs / 1000),
    duration: (endMs - startMs) / 1000,
  })),
  lang: 'en',
  duration: seconds,
});

/** As `whisper-api` answers. */
export const inSegments = (heard: HeardBeeps[]) => ({
  text: heard.map(({ text }) => text).join(' '),
  segments: heard.map(({ startMs, endMs, text }) => ({ start: startMs / 1000, end: endMs / 1000, text })),
  model: 'whisper-1',
  language: 'english',
});

export class SpeechService implements Vendor {
  private readonly sounds = new WeakMap<SeenRequest, Buffer>();
  private readonly heard = new WeakMap<SeenRequest, HeardBeeps[]>();

  constructor(private readonly contract: SpeechContract) {}

  answer(request: SeenRequest): Answer {
    const { key, say } = this.contract;
    if (request.headers['x-rapidapi-key'] !== key) {
      return json(401, {
        message: 'Invalid API key. Go to https://docs.rapidapi.com/docs/keys for more info.',
      });
    }
    return json(200, say(this.heardOf(request), this.soundOf(request).length / 32_000));
  }

  check(request: SeenRequest): string[] {
    const { profile } = this.contract;
    const wrong: string[] = [];
    const must = (holds: boolean, what: string) => void (holds || wrong.push(what));
    must(request.method === profile.submit.method, `method ${request.method}`);
    must(request.path === profile.submit.path, `path ${request.path}`);
    must(request.query.size === 0, 'a query');
    must(request.headers['x-rapidapi-host'] === profile.host, `host ${request.headers['x-rapidapi-host']}`);
    must(Boolean(request.headers['x-rapidapi-key']), 'no key');
    must(Number(request.headers['content-length']) === request.body.length, 'no content-length');
    return [...wrong, ...this.checkParts(request)];
  }

  private checkParts(request: SeenRequest): string[] {
    const { submit, limits } = this.contract.profile;
    const wrong: string[] = [];
    const parts = partsOf(request);
    const values = new Map(parts.map(({ name, body }) => [name, body.toString()]));
    const known = [submit.sourceField, submit.languageField, ...Object.keys(submit.constants ?? {})];
    for (const { name } of parts) if (!known.includes(name)) wrong.push(`field ${name}`);
    for (const [name, value] of Object.entries(submit.constants ?? {})) {
      if (values.get(name) !== value) wrong.push(`${name} is not ${value}`);
    }
    const sound = parts.find(({ name }) => name === submit.sourceField);
    if (!sound?.filename) return [...wrong, 'no file'];
    if (sound.body.length > limits.maxBytes) wrong.push(`${sound.body.length} bytes`);
    const seconds = this.soundOf(request).length / 32_000;
    if (seconds === 0) wrong.push('no sound');
    if (seconds > limits.maxSeconds + TOLERANCE_SECONDS) wrong.push(`${seconds} s`);
    return wrong;
  }

  /** What a request asks to be heard, as 16 kHz mono PCM. */
  soundOf(request: SeenRequest): Buffer {
    const known = this.sounds.get(request);
    if (known) return known;
    const sound = partsOf(request).find(({ filename }) => filename !== null);
    const pcm = sound ? this.decode(sound) : Buffer.alloc(0);
    this.sounds.set(request, pcm);
    return pcm;
  }

  /** What is said in it. */
  heardOf(request: SeenRequest): HeardBeeps[] {
    const heard = this.heard.get(request) ?? hear(this.soundOf(request));
    this.heard.set(request, heard);
    return heard;
  }

  private decode({ body }: Part): Buffer {
    const args = ['-v', 'error', '-i', 'pipe:0', '-ac', '1', '-ar', '16000', '-f', 's16le', 'pipe:1'];
    const { stdout } = spawnSync(this.contract.ffmpeg, args, { input: body, maxBuffer: 1e9 });
    return stdout;
  }
}

export interface SpeechStandIn {
  standIn: StandIn;
  service: SpeechService;
}

export async function startSpeechService(contract: SpeechContract): Promise<SpeechStandIn> {
  const service = new SpeechService(contract);
  return { service, standIn: await new StandIn(service).listen() };
}
