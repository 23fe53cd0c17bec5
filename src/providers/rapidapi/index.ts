import { openAsBlob } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { encode, SOUND_FORMATS, type SoundFormat } from '../../media/encode';
import { WAV_HEADER_BYTES, PCM_BYTES_PER_MS } from '../../media/wav-file';
import type { SpeechToText } from '../../ports';
import { call } from './exchange';
import { Gate } from './gate';
import { resultOf } from './job';
import { languageFor, languageTag } from './language';
import { firstAt } from './pointer';
import type { LimitsProfile, SpeechProfile } from './profile';
import { heardIn } from './reading';

export { chooseProfile } from './choose-profile';

export interface RapidApiSettings {
  profile: SpeechProfile;
  key: string;
  /** Origin of a gateway instead of the profile's own; null = the profile's. */
  baseUrl: string | null;
  /** Path of ffmpeg. Throws ProviderError `ffmpeg-missing`. */
  findFfmpeg: () => Promise<string>;
}

/** Room for a frame that an encoder adds: a limit of two minutes means two minutes. */
const MARGIN_SECONDS = 1;
const HEADERS_BYTES = 4096;

/** Speech to text by one of the services behind RapidAPI. A piece is packed, sent, and heard whole or not at all. */
export function rapidApiSpeech(settings: RapidApiSettings): SpeechToText {
  const { profile, findFfmpeg } = settings;
  const format = formatFor(profile.limits.accept);
  const gate = new Gate(profile.limits);
  return {
    provider: 'rapidapi',
    limits: {
      maxPieceSeconds: longestPiece(profile.limits, format),
      concurrency: profile.limits.concurrency,
      resumable: false,
    },
    async transcribe(wav, { language, signal, onSegment }) {
      const packed = `${wav}.${format.extension}`;
      const durationMs = Math.floor(((await stat(wav)).size - WAV_HEADER_BYTES) / PCM_BYTES_PER_MS);
      try {
        await encode(wav, packed, { ffmpeg: await findFfmpeg(), format, signal });
        const sound = await openAsBlob(packed, { type: format.mediaType });
        const form = formOf(
          profile,
          language,
          new File([sound], `piece.${format.extension}`, { type: format.mediaType }),
        );
        const answer = await gate.pass(signal, () => ask(settings, form, signal));
        for (const segment of heardIn(answer, profile.response, durationMs)) await onSegment(segment);
        return {
          provider: 'rapidapi',
          model: profile.name,
          quality: 'standard',
          language: languageTag(firstAt(answer, profile.response.language)),
        };
      } finally {
        await rm(packed, { force: true });
      }
    },
  };
}

/** The whole exchange: the job is submitted and, where the service works that way, waited for. */
async function ask(settings: RapidApiSettings, form: FormData, signal: AbortSignal): Promise<unknown> {
  const { profile, key } = settings;
  const origin = settings.baseUrl ?? profile.baseUrl ?? `https://${profile.host}`;
  const headers = { 'X-RapidAPI-Key': key, 'X-RapidAPI-Host': profile.host, Accept: 'application/json' };
  const limits = { timeoutMs: profile.limits.timeoutMs, signal };
  const submit = { method: profile.submit.method, headers, body: form };
  const answer = await call(origin + profile.submit.path, submit, limits);
  if (!profile.poll) return answer;
  return resultOf(answer, profile.poll, (path) => call(origin + path, { headers }, limits), signal);
}

function formOf({ submit }: SpeechProfile, language: string | null, file: File): FormData {
  const form = new FormData();
  form.append(submit.sourceField, file);
  for (const [name, value] of Object.entries(submit.constants ?? {})) form.append(name, value);
  const said = languageFor(language, submit);
  if (submit.languageField && said !== null) form.append(submit.languageField, said);
  return form;
}

/** The smallest that the service reads; `accept` may name extensions or media types. */
function formatFor(accept: string[]): SoundFormat {
  const accepted = accept.map((name) => name.toLowerCase().replace(/^\.|^audio\/(x-)?/, ''));
  const known = SOUND_FORMATS.find(({ extension, mediaType }) =>
    accepted.some((name) => name === extension || `audio/${name}` === mediaType),
  );
  return known ?? (SOUND_FORMATS[0] as SoundFormat);
}

function longestPiece({ maxBytes, maxSeconds }: LimitsProfile, { bytesPerSecond }: SoundFormat): number {
  const fits = Math.min(maxSeconds, (maxBytes - HEADERS_BYTES) / bytesPerSecond);
  return Math.max(1, fits - MARGIN_SECONDS);
}
