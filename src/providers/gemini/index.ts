import { failpoint } from '../../failpoint';
import type { ExtractionInput, ExtractionOutput, Extractor } from '../../ports';
import { ProviderError } from '../../provider-error';
import { linesOf, type Line } from './lines';
import { CALL_TIMEOUT_MS, Model } from './model';
import { PROMPT_VERSION } from './prompt';
import { join, readWindow, type Reader, type WindowReading } from './read-window';
import type { Tokens } from './reply';
import { WINDOW_TOKENS, windowsOf } from './windows';

/** From this attempt on a passing problem counts as one that stays. */
const PATIENCE_ATTEMPTS = 3;
/** What another model of the same vendor and key can mend. A blocked text or a refused key it can't. */
const MODEL_IS_SPENT = ['gemini-quota-exhausted', 'model-not-found'];

export interface GeminiSettings {
  apiKey: string;
  model: string;
  /** Asked when `model` is exhausted; null = none. */
  fallbackModel: string | null;
  /** An origin; null = Google's. */
  baseUrl: string | null;
  timeoutMs?: number;
  windowTokens?: number;
}

/**
 * Extraction by Gemini. The transcript is data: nothing in it or in the answer is taken at its word, every item cites
 * lines that are checked here and again by `domain/judge`. Long meetings are read in overlapping windows.
 */
export class GeminiExtractor implements Extractor {
  readonly provider = 'gemini';
  readonly model: string;

  constructor(private readonly settings: GeminiSettings) {
    this.model = settings.model;
  }

  /**
   * A model is exhausted when its quota is spent for the day, when it does not exist, or when it still fails at the
   * third attempt; then the fallback model reads the whole meeting.
   * @throws ProviderError of the last model asked, but of the first when only that may be tried again
   */
  async extract(
    input: ExtractionInput,
    { signal, attempt = 1 }: { signal: AbortSignal; attempt?: number },
  ): Promise<ExtractionOutput> {
    const { model, fallbackModel } = this.settings;
    const first = this.open(model);
    try {
      return await this.extractWith(first, input, signal, null);
    } catch (error) {
      const problem = atAttempt(error, attempt);
      if (fallbackModel === null || !isExhausted(problem, attempt)) throw having(problem, first.tokens);
      const second = this.open(fallbackModel);
      return await this.extractWith(second, input, signal, first.tokens).catch((last: unknown) => {
        throw having(worthMore(problem, atAttempt(last, attempt)), sum(first.tokens, second.tokens));
      });
    }
  }

  private open(name: string): Model {
    const { apiKey, baseUrl, timeoutMs = CALL_TIMEOUT_MS } = this.settings;
    return new Model(name, { apiKey, baseUrl, timeoutMs });
  }

  private async extractWith(
    model: Model,
    { segments, participants, instructions }: ExtractionInput,
    signal: AbortSignal,
    spent: Tokens | null,
  ): Promise<ExtractionOutput> {
    const lines = linesOf(segments);
    const windows = windowsOf(lines, this.settings.windowTokens ?? WINDOW_TOKENS);
    const { found, rejected, read, refusals } = await readAll(windows, {
      model,
      participants,
      instructions,
      signal,
    });
    if (read.length === 0 && refusals[0]) throw refusals[0];
    return {
      provider: this.provider,
      model: model.name,
      quality: 'standard',
      promptVersion: PROMPT_VERSION,
      coverage: lines.length === 0 ? 1 : segmentsIn(read) / segmentsIn(lines),
      tokens: sum(spent, model.tokens),
      rejected,
      ...found,
    };
  }
}

const segmentsIn = (lines: Line[]): number => new Set(lines.map(({ segment }) => segment.id)).size;

async function readAll(windows: Line[][], reader: Reader): Promise<WindowReading> {
  let all: WindowReading = {
    found: { tasks: [], decisions: [], questions: [] },
    rejected: 0,
    read: [],
    refusals: [],
  };
  for (const window of windows) {
    all = join(all, await readWindow(reader, window));
    await failpoint('llm-chunk');
  }
  return all;
}

const sum = (one: Tokens | null, other: Tokens | null): Tokens | null =>
  one && other ? { input: one.input + other.input, output: one.output + other.output } : (one ?? other);

/** The failure, with what was paid for until then. */
function having(error: unknown, tokens: Tokens | null): unknown {
  if (error instanceof ProviderError) error.tokens = tokens;
  return error;
}

/** An answer that is none three times over will be none the fourth time. */
function atAttempt(error: unknown, attempt: number): unknown {
  if (!(error instanceof ProviderError) || error.code !== 'bad-response') return error;
  return new ProviderError(error.code, error.message, { retryable: attempt < PATIENCE_ATTEMPTS });
}

const isExhausted = (error: unknown, attempt: number): boolean =>
  error instanceof ProviderError &&
  (MODEL_IS_SPENT.includes(error.code) ||
    (attempt >= PATIENCE_ATTEMPTS && (error.retryable || error.code === 'bad-response')));

/** Two models failed: what may still succeed is what is told. */
function worthMore(first: unknown, last: unknown): unknown {
  const mayYet = (error: unknown) => error instanceof ProviderError && error.retryable;
  return mayYet(first) && !mayYet(last) ? first : last;
}
