/**
 * What calls to providers cost, in US dollars, as of November 2026. A list price before discounts and free quotas: for
 * the ledger and for caps, not for bookkeeping.
 */

/** What a call has used; what does not apply is absent. */
export interface Units {
  /** Of sound. */
  seconds?: number;
  inputTokens?: number;
  /** Those that a model thinks with included. */
  outputTokens?: number;
  mails?: number;
  /** Changes of a calendar. */
  writes?: number;
}

type Price = Partial<Record<keyof Units, number>>;

const HOUR_S = 3600;
const perMillion = (input: number, output: number): Price => ({
  inputTokens: input / 1e6,
  outputTokens: output / 1e6,
});

/**
 * By the beginning of the model's name, the dearest first.
 * Source: ai.google.dev/gemini-api/docs/pricing and the pages of the models.
 */
const GEMINI: [model: string, price: Price][] = [
  ['gemini-3.6-flash', perMillion(1.5, 7.5)],
  // Until the end of 2026.
  ['gemini-3.8-flash', perMillion(0.75, 3.75)],
  ['gemini-3.5-flash-lite', perMillion(0.3, 2.5)],
];

/** One that is not listed counts as the dearest, so that a cap errs on the safe side. */
function geminiPrice(model: string | null): Price {
  const known = GEMINI.find(([name]) => model?.startsWith(name)) ?? GEMINI[0];
  return known?.[1] ?? {};
}

const FREE: Price = {};

const PRICES: Record<string, (model: string | null) => Price> = {
  local: () => FREE,
  gemini: geminiPrice,
  // Every listing has plans of its own, which no answer tells. This is what OpenAI asks for Whisper (openai.com/api/pricing:
  // $0.006 a minute), which most listings wrap.
  rapidapi: () => ({ seconds: 0.36 / HOUR_S }),
  // The smallest plan (sendgrid.com/pricing: $19.95 for 50,000).
  sendgrid: () => ({ mails: 19.95 / 50_000 }),
  // developers.google.com/workspace/calendar/api/guides/quota: "available at no additional cost".
  google: () => FREE,
};

/** In US dollars; null = nobody knows the prices of this provider. */
export function costOf(provider: string, model: string | null, units: Units): number | null {
  const price = PRICES[provider]?.(model);
  if (!price) return null;
  const names = Object.keys(price) as (keyof Units)[];
  return names.reduce((sum, name) => sum + (price[name] ?? 0) * (units[name] ?? 0), 0);
}

/** ai.google.dev/gemini-api/docs/tokens: a token is about four characters of English. */
const CHARS_PER_TOKEN = 4;
/** Number, time and marks of a line. */
const LINE_OVERHEAD_CHARS = 20;
/** Rules, schema and list of participants. */
const PROMPT_TOKENS = 2_000;
/** Items with their quotes come to a fraction of what was said; a model that thinks adds to it. */
const OUTPUT_SHARE = 0.25;

/** What reading a transcript is expected to use, before anybody has counted. */
export function expectedTokens(segments: { speaker: string | null; text: string }[]): Units {
  const chars = segments.reduce(
    (sum, { speaker, text }) => sum + text.length + (speaker?.length ?? 0) + LINE_OVERHEAD_CHARS,
    0,
  );
  const inputTokens = PROMPT_TOKENS + Math.ceil(chars / CHARS_PER_TOKEN);
  return { inputTokens, outputTokens: Math.ceil(inputTokens * OUTPUT_SHARE) };
}
