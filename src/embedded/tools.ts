import type { Config } from '../config';
import { findFfmpeg, findTemporalCli } from '../tools/find';
import { findSpeech } from '../tools/speech';

/** The programs from outside; each is looked for when it is asked for, and fetched when it is nowhere. */
export interface Tools {
  temporalCli(): Promise<string>;
  /** null = there is none: recordings fail at their first step with a reason, ready transcripts work. */
  ffmpeg(): Promise<string | null>;
  /** Resolves when local speech-to-text and diarization can be used, or when it is known that they can't. */
  speech(): Promise<void>;
}

/** `say` hears of each thing that is fetched, and of what this machine will not be able to do. */
export function findTools(config: Config, say: (line: string) => void): Tools {
  const { cliPath } = config.temporal;
  const { ffmpegPath, whisperModel, provider, diarizer } = config.speech;
  const without = (what: string) => (error: unknown) => {
    say(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  };
  return {
    temporalCli: () => findTemporalCli({ named: cliPath, log: say }),
    ffmpeg: () => findFfmpeg({ named: ffmpegPath, log: say }).catch(without('Recordings will not be read')),
    async speech() {
      if (provider !== 'local' && diarizer === 'off') return;
      const what =
        provider === 'local' ? 'Recordings will not be transcribed' : 'Speakers will not be told apart';
      await findSpeech({ named: whisperModel, log: say }).catch(without(what));
    },
  };
}
