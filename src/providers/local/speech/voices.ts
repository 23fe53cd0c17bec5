import type { VoiceTurn } from '../../../domain/meeting';
import type { Diarizer } from '../../../ports';
import type { SpeechTools } from '../../../tools';
import { runChild } from './child';

/** Speaker embeddings and clustering in a child process; `findTools` throws `speech-engine-missing`. */
export function localDiarizer(findTools: () => Promise<SpeechTools>): Diarizer {
  return {
    provider: 'local',
    async diarize(wav, { signal, onProgress }) {
      const tools = await findTools();
      let turns: VoiceTurn[] = [];
      await runChild('voices.py', { wav, encoder: tools.encoderWeights }, { tools, signal }, (message) => {
        if (message.type === 'progress') onProgress(Number(message['doneMs']));
        if (message.type === 'turns') turns = message['turns'] as VoiceTurn[];
      });
      return turns;
    },
  };
}
