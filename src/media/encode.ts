import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ProviderError } from '../provider-error';

/** How sound is packed for the way. `bytesPerSecond` is never exceeded; files have a header on top. */
export interface SoundFormat {
  extension: string;
  mediaType: string;
  encoder: string[];
  bytesPerSecond: number;
}

/** Small first. Speech at 16 kHz loses nothing that an engine would hear at 48 kbit/s. */
export const SOUND_FORMATS: SoundFormat[] = [
  {
    extension: 'mp3',
    mediaType: 'audio/mpeg',
    encoder: ['-c:a', 'libmp3lame', '-b:a', '48k'],
    bytesPerSecond: 6_100,
  },
  {
    extension: 'flac',
    mediaType: 'audio/flac',
    encoder: ['-c:a', 'flac'],
    bytesPerSecond: 34_000,
  },
  {
    extension: 'wav',
    mediaType: 'audio/wav',
    encoder: ['-c:a', 'pcm_s16le'],
    bytesPerSecond: 32_000,
  },
];

const TIME_LIMIT_MS = 300_000;
const run = promisify(execFile);

/** Packs a WAV file of ours. Throws ProviderError `encoder-failed` (retryable), or what `signal` was aborted with. */
export async function encode(
  wav: string,
  out: string,
  { ffmpeg, format, signal }: { ffmpeg: string; format: SoundFormat; signal: AbortSignal },
): Promise<void> {
  const input = ['-v', 'error', '-nostdin', '-y', '-protocol_whitelist', 'file', '-i', `file:${wav}`];
  try {
    await run(ffmpeg, [...input, ...format.encoder, `file:${out}`], {
      signal,
      timeout: TIME_LIMIT_MS,
      env: {},
    });
  } catch (error) {
    signal.throwIfAborted();
    const message = `ffmpeg could not write ${format.extension}: set FFMPEG_PATH to one that can.`;
    throw new ProviderError('encoder-failed', message, { retryable: true, cause: error });
  }
}
