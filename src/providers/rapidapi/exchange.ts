/** One call over the network: one deadline for all of it, no redirects, a bounded answer. */
import { ProviderError } from '../../provider-error';
import { badAnswer, brokenOff, failureOf, tooSlow, unreachable } from './failures';

const MAX_ANSWER_BYTES = 20 * 1024 ** 2;
/** Of a refusal only known phrases matter; they stand at its beginning. */
const MAX_REFUSAL_BYTES = 64 * 1024;
/** undici's and the system's codes for a connection that never was. */
const NEVER_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$|CERT|TLS|SIGNATURE/;

/**
 * The JSON of a good answer. Throws ProviderError for everything else, and what `signal` was aborted with. Redirects
 * are refused: they would carry the key and the sound elsewhere.
 */
export async function call(
  url: string,
  init: RequestInit,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<unknown> {
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      signal: AbortSignal.any([signal, deadline]),
    });
    if (!response.ok) {
      const said = await read(response, MAX_REFUSAL_BYTES);
      throw failureOf(response.status, { headers: response.headers, said: said.text });
    }
    const { text, complete } = await read(response, MAX_ANSWER_BYTES);
    if (!complete) throw badAnswer('is larger than 20 MB');
    return parsed(text);
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    signal.throwIfAborted();
    if (deadline.aborted) throw tooSlow();
    throw neverSent(error) ? unreachable() : brokenOff();
  }
}

/** At most `limit` bytes of the body, unpacked. */
async function read(response: Response, limit: number): Promise<{ text: string; complete: boolean }> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the rest of the body.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > limit) break;
    chunks.push(chunk);
  }
  return { text: new TextDecoder().decode(Buffer.concat(chunks)), complete: bytes <= limit };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw badAnswer(text.trim() === '' ? 'is empty' : 'is no JSON');
  }
}

function neverSent(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: string } };
  return NEVER_SENT.test(cause?.code ?? '');
}
