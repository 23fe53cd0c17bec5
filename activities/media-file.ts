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

/**
 * Brings the recording from the store to a file: a container whose index stands at its end can't be read from a pipe,
 * and workers share no disk. Throws ProviderError `no-media` when the meeting has no recording.
 */
export async function fetchMedia(
  deps: ActivityDeps,
  meeting: Meeting,
  dir: string,
  signal: AbortSignal,
): Promise<string> {
  if (!meeting.mediaKey) {
    throw new ProviderError('no-media', 'The meeting has no recording; upload one.', { retryable: false });
  }
  const file = path.join(dir, 'media');
  await pipeline(await deps.providers.mediaStore.get(meeting.mediaKey), createWriteStream(file), { signal });
  return file;
}

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
