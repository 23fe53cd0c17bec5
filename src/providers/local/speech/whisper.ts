import type { HeardSegment } from '../../../domain/meeting';
import type { SpeechToText } from '../../../ports';
import type { SpeechTools } from '../../../tools';
import { runChild, type Message } from './child';

/**
 * faster-whisper in a child process. English only with the packaged weights: another language is refused with
 * `language-not-supported`. `findTools` is asked at each call and throws `speech-engine-missing`, so an engine that is
 * put there later is used without a restart.
 */
export function localSpeechToText(findTools: () => Promise<SpeechTools>): SpeechToText {
  return {
    provider: 'local',
    limits: { maxPieceSeconds: null, concurrency: 1, resumable: true },
    async transcribe(wav, { language, fromMs, signal, onSegment }) {
      const tools = await findTools();
      let heard = 'en';
      const request = { wav, model: tools.model, language: languageOf(language), fromMs };
      await runChild('transcribe.py', request, { tools, signal }, async (message) => {
        if (message.type === 'done') heard = String(message['language']);
        if (message.type === 'segment') await passOn(message, onSegment);
      });
      return {
        provider: 'local',
        model: `faster-whisper ${tools.modelName}`,
        quality: 'draft',
        language: heard,
      };
    },
  };
}

/** Whisper knows languages without regions: `en-GB` is `en`. */
function languageOf(tag: string | null): string | null {
  return tag?.split('-')[0]?.toLowerCase() ?? null;
}

async function passOn(message: Message, onSegment: (segment: HeardSegment) => Promise<void>) {
  const { startMs, endMs, text, confidence, words } = message as unknown as Omit<HeardSegment, 'speaker'>;
  if (text && endMs > startMs) {
    await onSegment({ startMs, endMs, text, confidence, speaker: null, words });
  }
}
