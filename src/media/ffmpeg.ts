/** The only door for uploaded media: what comes out is facts, or 16 kHz mono PCM that ffmpeg wrote. */
import { ProviderError } from '../provider-error';
import { Levels } from '../domain/sound';
import { decode, undecodable, type DecodeOptions } from './decode';
import { PCM_BYTES_PER_MS, WavFile } from './wav-file';

export interface MediaFacts {
  /** Of the sound as decoded, whatever the file's header claims. */
  durationMs: number;
  codec: string;
  channels: number | null;
  sampleRate: number | null;
  container: string;
  levels: Levels;
}

/** A file whose header claims a recording of which less than this can be heard is broken, not short. */
const LEAST_SHARE_HEARD = 0.05;

/**
 * Listens to the whole file once: only that finds damage and the length of files without one in their header.
 * Throws ProviderError `media-undecodable`, `no-audio-track`, `media-too-long` (longer than `maxSeconds`), all final.
 */
export async function probe(file: string, options: Omit<DecodeOptions, 'fromMs'>): Promise<MediaFacts> {
  const levels = new Levels();
  const { report, durationMs } = await decode(
    file,
    { ...options, maxSeconds: options.maxSeconds + 1 },
    (pcm) => levels.add(pcm),
  );
  if (durationMs > options.maxSeconds * 1000) throw tooLong(options.maxSeconds);
  if (durationMs < (report.claimedMs ?? 0) * LEAST_SHARE_HEARD)
    throw undecodable('Hardly any of the file can be decoded');
  const { codec, container, channels, sampleRate } = report;
  return {
    durationMs,
    codec: codec ?? 'unknown',
    container: container ?? 'unknown',
    channels,
    sampleRate,
    levels,
  };
}

/**
 * Writes at most `maxSeconds` of the sound from `fromMs` on as 16 kHz mono WAV, and listens how loud it is; `onProgress`
 * hears how much is done.
 * Throws like `decode`; a file that could not be finished is left to the caller's clean-up.
 */
export async function decodeToWav(
  file: string,
  wavPath: string,
  options: DecodeOptions & { onProgress?: (doneMs: number) => void },
): Promise<{ durationMs: number; levels: Levels }> {
  const wav = await WavFile.create(wavPath);
  const levels = new Levels();
  let bytes = 0;
  try {
    const { durationMs } = await decode(file, options, async (pcm) => {
      await wav.append(pcm);
      levels.add(pcm);
      options.onProgress?.(Math.floor((bytes += pcm.length) / PCM_BYTES_PER_MS));
    });
    await wav.finish();
    return { durationMs, levels };
  } finally {
    await wav.close();
  }
}

function tooLong(maxSeconds: number): ProviderError {
  const message = `The recording is longer than MAX_MEDIA_SECONDS (${maxSeconds} s)`;
  return new ProviderError('media-too-long', message, { retryable: false });
}
