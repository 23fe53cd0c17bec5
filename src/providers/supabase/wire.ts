/** One HTTP exchange of storage-js as we want it; its methods take neither a signal nor headers. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { capped } from '../storage/capped';

/** What holds for the calls within `exchange.run`; `response` is filled in. */
export interface Exchange {
  signal: AbortSignal;
  headers?: Record<string, string>;
  /** The body of a good answer is a recording: handed on as it comes, not read whole. */
  isDownload?: boolean;
  response?: Response;
}

export const exchange = new AsyncLocalStorage<Exchange>();

/**
 * `redirect` and `window` keep undici from copying the body of an upload, all of it, in case that it must be sent
 * again (nodejs/undici#4058).
 */
const UNREPEATED = { redirect: 'error', window: null } as const;

/** The `fetch` that storage-js gets. */
export const wiredFetch: typeof fetch = async (input, init = {}) => {
  const current = exchange.getStore();
  if (!current) throw new Error('a call to the store outside of an exchange');
  const headers = new Headers(init.headers);
  for (const [name, value] of Object.entries(current.headers ?? {})) headers.set(name, value);
  const response = await fetch(input, { ...init, ...UNREPEATED, headers, signal: current.signal });
  current.response = response;
  return current.isDownload && response.ok ? response : readWhole(response);
};

async function readWhole({ body, status, statusText, headers }: Response): Promise<Response> {
  if (body === null) return new Response(null, { status, statusText, headers });
  const bytes = await buffer(capped(Readable.fromWeb(body)));
  return new Response(bytes, { status, statusText, headers });
}
