import type { Client } from '@temporalio/client';

/** A request does not wait longer for a Temporal that is away. */
const TIMEOUT_MS = 2_000;

/** What Temporal answers. Throws when it is away, or silent for two seconds. */
export async function askTemporal<T>(temporal: Client, ask: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
  });
  const asked = temporal.withDeadline(Date.now() + TIMEOUT_MS, ask);
  asked.catch(() => undefined); // may settle after the race, with the same trouble
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
