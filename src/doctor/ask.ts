/** A question to a vendor that costs nothing and changes nothing. */
const TIMEOUT_MS = 10_000;
/** Refusals and lists of rights are short. */
const MAX_BYTES = 64 * 1024;

export interface Answer {
  status: number;
  /** The beginning of the body, for known words only; never printed. */
  text: string;
}

/** null = nobody answered within ten seconds. Redirects are answers: they would carry the key elsewhere. */
export async function ask(url: string, headers: Record<string, string>): Promise<Answer | null> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(url, { headers, redirect: 'manual', signal });
    return { status: response.status, text: await beginningOf(response) };
  } catch {
    return null; // whatever it was: refused, unknown name, no certificate, too slow
  }
}

async function beginningOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, MAX_BYTES);
}
