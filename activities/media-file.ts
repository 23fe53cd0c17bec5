import { createHash, type Hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Meeting } from '../src/models/meeting';
import { ProviderError } from '../src/provider-error';
import type { ActivityDeps } from './deps';

/** Gives `use` a folder of its own and removes it afterwards, however `use` ends. */
export async function withScratch<T>(deps: ActivityDeps, use: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(path.join(deps.scratchDir, 'attempt-'));
  try {
    return await use(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** A read may have been cut without an error; what is wrong twice is wrong in the store. */
const READS = 2;

/**
 * Brings the recording from the store to a file: a container whose index stands at its end can't be read from a pipe,
 * and workers share no disk. Throws ProviderError `no-media` when the meeting has no recording, `media-damaged` when the
 * store's bytes are not those that were uploaded.
 */
export async function fetchMedia(
  deps: ActivityDeps,
  meeting: Meeting,
  dir: string,
  signal: AbortSignal,
): Promise<string> {
  const { mediaKey, mediaSha256 } = meeting;
  if (!mediaKey) {
    throw new ProviderError('no-media', 'The meeting has no recording; upload one.', { retryable: false });
  }
  const file = path.join(dir, 'media');
  for (let read = 0; read < READS; read++) {
    const sha256 = createHash('sha256');
    const bytes = await deps.providers.mediaStore.get(mediaKey);
    await pipeline(bytes, through(sha256), createWriteStream(file), { signal });
    if (sha256.digest('hex') === mediaSha256) return file;
  }
  throw new ProviderError(
    'media-damaged',
    'The stored recording is not what was uploaded (its SHA-256 differs). Restore the object, or upload it again.',
    { retryable: false },
  );
}

const through = (hash: Hash) =>
  async function* (bytes: AsyncIterable<Buffer>) {
    for await (const chunk of bytes) {
      hash.update(chunk);
      yield chunk;
    }
  };

/** The program that reads recordings. Throws ProviderError `ffmpeg-missing`. */
export function ffmpegOf(deps: ActivityDeps): string {
  if (deps.ffmpeg) return deps.ffmpeg;
  throw new ProviderError(
    'ffmpeg-missing',
    'No speech engine: there is no ffmpeg on this machine. Set FFMPEG_PATH and transcribe again.',
    {
      retryable: false,
    },
  );
}
