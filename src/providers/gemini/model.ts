import { GoogleGenerativeAI, GoogleGenerativeAIFetchError } from '@google/generative-ai';
import { boundedFetch, startWith, type Exchange } from './bounded-fetch';
import { keyUnusable, problemOf, tooSlow } from './problems';
import type { Prompt } from './prompt';
import { readReply, type Reply, type Tokens } from './reply';
import { settingsFor } from './settings';

/** One call reads at most `WINDOW_TOKENS`; a model that thinks takes a minute. */
export const CALL_TIMEOUT_MS = 180_000;

export interface ModelAccess {
  apiKey: string;
  /** null = Google's own address. */
  baseUrl: string | null;
  timeoutMs: number;
}

/**
 * One model behind the vendor's library, the only file that knows it. Counts the tokens of its calls. No retries: the
 * pipeline does them.
 */
export class Model {
  /** null = no call has said how many. */
  tokens: Tokens | null = null;

  constructor(
    readonly name: string,
    private readonly access: ModelAccess,
  ) {}

  /**
   * Asks once; all of it takes at most `timeoutMs`.
   * @throws ProviderError by Google's status, and the signal's reason when that is aborted
   */
  async ask(prompt: Prompt, signal: AbortSignal): Promise<Reply> {
    signal.throwIfAborted();
    const deadline = AbortSignal.timeout(this.access.timeoutMs);
    const exchange: Exchange = { problem: null, begun: false, retryAfter: null };
    try {
      const own = boundedFetch(AbortSignal.any([signal, deadline]), exchange);
      const { reply, tokens } = readReply(await startWith(own, () => this.generate(prompt)));
      this.count(tokens);
      return reply;
    } catch (error) {
      signal.throwIfAborted();
      if (exchange.problem) throw deadline.aborted ? tooSlow(this.access.timeoutMs) : exchange.problem;
      if (error instanceof GoogleGenerativeAIFetchError) return refusedBy(error, exchange);
      throw exchange.begun ? error : keyUnusable();
    }
  }

  private async generate({ rules, turns }: Prompt): Promise<unknown> {
    const { apiKey, baseUrl } = this.access;
    const model = new GoogleGenerativeAI(apiKey).getGenerativeModel(
      { model: this.name, systemInstruction: rules, generationConfig: settingsFor(this.name) },
      baseUrl === null ? {} : { baseUrl },
    );
    const contents = turns.map(({ role, text }) => ({ role, parts: [{ text }] }));
    return (await model.generateContent({ contents })).response;
  }

  private count(tokens: Tokens | null): void {
    if (!tokens) return;
    const { input, output } = this.tokens ?? { input: 0, output: 0 };
    this.tokens = { input: input + tokens.input, output: output + tokens.output };
  }
}

/** 504 = it took Google too long: less text is what helps. */
function refusedBy(error: GoogleGenerativeAIFetchError, { retryAfter }: Exchange): Reply {
  const { status = 0, message, errorDetails } = error;
  const problem = problemOf({ status, message, errorDetails, retryAfter });
  if (status === 504) return { kind: 'too-slow', problem };
  throw problem;
}
