import type { Values } from './providers';

/** What the Gemini adapter is made of; null = it was not chosen. */
export function geminiConfig(provider: string, values: Values) {
  if (provider !== 'gemini') return null;
  return {
    apiKey: values.GEMINI_API_KEY as string,
    model: values.GEMINI_MODEL as string,
    fallbackModel: (values.GEMINI_FALLBACK_MODEL as string | undefined) ?? null,
    baseUrl: (values.GEMINI_BASE_URL as string | undefined) ?? null,
  };
}
