/** The programs that the embedded parts run: where each is, and how it is fetched once. */
import { findFfmpeg } from './find';

export { findFfmpeg, findTemporalCli } from './find';
export { findSpeech, type SpeechTools } from './speech';

/** For the worker, which fetches nothing: the path of ffmpeg, or null when there is none. */
export async function locateFfmpeg(config: {
  speech: { ffmpegPath: string | null };
}): Promise<string | null> {
  return findFfmpeg({ named: config.speech.ffmpegPath, fetch: false }).catch(() => null);
}
