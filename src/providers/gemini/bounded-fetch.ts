import { ProviderError } from '../../provider-error';
import { isObject, isShallow, parseJson } from '../json';

/** Larger than any honest answer: the longest output is 65,536 tokens, a quarter of a megabyte. */
const MAX_ANSWER_BYTES = 20 * 1024 ** 2;

/** What the client library does not hand on of an exchange. */
export interface Exchange {
  /** Set when no usable answer came: the network, or an answer past our bounds. */
  problem: ProviderError | null;
  /** The call got as far as the network. */
  begun: boolean;
  retryAfter: string | null;
}

const refused = (reason: string): ProviderError =>
  new ProviderError('bad-response', `Gemini's answer ${reason}. Check GEMINI_BASE_URL if it goes on.`, {
    retryable: true,
  });

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop by a throw cancels the rest of the body.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) throw refused('is larger than 20 MB');
    chunks.push(chunk);
  }
  const text = new TextDecoder().decode(Buffer.concat(chunks));
  if (!isShallow(text)) throw refused('is nested too deep');
  return text;
}

const unreachable = (): ProviderError =>
  new ProviderError(
    'gemini-unavailable',
    'Gemini could not be reached, or the connection broke. Tried again.',
    {
      retryable: true,
    },
  );

/** As `fetch`, with one deadline for all of it, no redirects (they would carry the key along) and a bounded answer. */
export function boundedFetch(signal: AbortSignal, exchange: Exchange): typeof fetch {
  return async (input, init) => {
    exchange.begun = true;
    try {
      const response = await fetch(input, { ...init, signal, redirect: 'manual' });
      exchange.retryAfter = response.headers.get('retry-after');
      const text = await readBounded(response);
      if (response.ok && !isObject(parseJson(text))) throw refused('is no JSON object');
      return new Response(text || null, { status: response.status });
    } catch (error) {
      exchange.problem = error instanceof ProviderError ? error : unreachable();
      throw exchange.problem;
    }
  };
}

/**
 * Starts a call of the client library with another `fetch` than the global one. The library (0.24.1) takes no fetch and
 * no limit on size, but reads the global when a call begins, before its first pause: so the other one is there for that
 * moment only, and nobody else ever sees it.
 */
export function startWith<T>(own: typeof fetch, start: () => Promise<T>): Promise<T> {
  const { fetch: usual } = globalThis;
  globalThis.fetch = own;
  try {
    return start();
  } finally {
    globalThis.fetch = usual;
  }
}
