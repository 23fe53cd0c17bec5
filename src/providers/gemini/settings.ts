import type { GenerationConfig, ResponseSchema } from '@google/generative-ai';
import { ANSWER } from './answer-schema';
import { wireSchema } from './wire-schema';

const SCHEMA = wireSchema(ANSWER);

/** The number in `gemini-2.5-flash`; names without one are aliases of the newest. */
const generationOf = (model: string): number =>
  Number(/(?:^|\/)gemini-(\d+)/.exec(model)?.[1] ?? Number.POSITIVE_INFINITY);

/**
 * How a model is asked. From 3 on they want no temperature, topP or topK
 * (google-gemini/gemini-skills, migration.md); older ones extract best without chance. Thinking stays at each model's
 * default: some refuse the lowest level, and what it costs is counted.
 */
export function settingsFor(model: string): GenerationConfig {
  const form: GenerationConfig = {
    responseMimeType: 'application/json',
    responseSchema: SCHEMA as unknown as ResponseSchema,
  };
  return generationOf(model) >= 3 ? form : { ...form, temperature: 0 };
}
