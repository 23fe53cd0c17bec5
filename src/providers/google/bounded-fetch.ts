import { ProviderError } from '../../provider-error';
import { isObject, parseJson } from '../json';
import { retryAfterMs } from '../retry-after';
import { badAnswer, unreachable } from './failures';

/** Larger than any honest answer: an event has some kilobytes. */
const MAX_ANSWER_BYTES = 20 * 1024 ** 2;

/** Google answered, and not with what was asked for. Holds nothing of the answer but two of its words. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    /** Google's word for it, such as `userRateLimitExceeded` or `invalid_grant`; empty = it gave none. */
    readonly reason: string,
    readonly retryAfterMs: number | null,
  ) {
    super(`Google answered ${status}`);
    this.name = 'Refusal';
  }
}

/** Where the client library sends requests of service accounts; it has no setting for that. */
const GOOGLE_TOKEN_URL = 'https://oauth2.googleapis.com/token';

/**
 * As `fetch`, but: `signal` ends all of it, the body included; no redirects (they would carry the token along); an
 * answer is at most 20 MB, and a JSON object when it is good. `tokenUrl` stands in for Google's token service.
 * Rejects with Refusal or ProviderError; the client library passes them on as the `cause` of its own errors.
 */
export function boundedFetch(signal: AbortSignal, tokenUrl: string | null): typeof fetch {
  return async (input, init) => {
    const url = tokenUrl !== null && urlOf(input) === GOOGLE_TOKEN_URL ? tokenUrl : input;
    try {
      const response = await fetch(url, { ...init, signal, redirect: 'manual' });
      return await usable(response);
    } catch (error) {
      if (error instanceof Refusal || error instanceof ProviderError) throw error;
      throw unreachable();
    }
  };
}

const urlOf = (input: string | URL | Request): string =>
  input instanceof Request ? input.url : String(input);

async function usable(response: Response): Promise<Response> {
  const text = await readBounded(response);
  const body = parseJson(text);
  if (!response.ok) {
    throw new Refusal(response.status, reasonIn(body), retryAfterMs(response.headers.get('retry-after')));
  }
  if (isObject(body)) return Response.json(body, { status: response.status });
  // Only a removal has nothing to say.
  if (text === '') return new Response(null, { status: 204 });
  throw badAnswer();
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop by a throw cancels the rest of the body.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) throw badAnswer();
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** The calendar says `{error: {errors: [{reason}]}}`, the token service `{error: "invalid_grant"}`. */
function reasonIn(body: unknown): string {
  const error = isObject(body) ? body.error : undefined;
  const errors = isObject(error) && Array.isArray(error.errors) ? (error.errors as unknown[]) : [];
  const reason = isObject(errors[0]) ? errors[0].reason : error;
  return typeof reason === 'string' && /^[A-Za-z_]{1,60}$/.test(reason) ? reason : '';
}
