/** A client that does what a good one does: the same upload with the same key, until it is taken. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Script } from './cast';

export interface Answer {
  status: number;
  body: { meetingId?: string; code?: string } & Record<string, unknown>;
  headers: Headers;
  tookMs: number;
}

/** What went wrong between us and the server; nobody knows whether it has acted. */
export interface NoAnswer {
  status: 0;
  error: string;
  tookMs: number;
}

const REQUEST_TIMEOUT_MS = 30_000;
/** Told to come back (503), not yet (409), or cut off: the good client tries again. */
const comesAgain = (status: number) => status === 0 || status === 409 || status === 429 || status >= 500;

export async function send(
  url: string,
  init: RequestInit & { timeoutMs?: number } = {},
): Promise<Answer | NoAnswer> {
  const begun = performance.now();
  const tookMs = () => Math.round(performance.now() - begun);
  try {
    const signal = AbortSignal.timeout(init.timeoutMs ?? REQUEST_TIMEOUT_MS);
    const answer = await fetch(url, { ...init, signal });
    const text = await answer.text();
    const body = (text ? JSON.parse(text) : {}) as Answer['body'];
    return { status: answer.status, body, headers: answer.headers, tookMs: tookMs() };
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    return { status: 0, error: cause?.code ?? String(error), tookMs: tookMs() };
  }
}

export function uploadForm(script: Script): FormData {
  const form = new FormData();
  form.set('title', script.mark);
  form.set('recordedAt', '2025-10-14');
  form.set('participants', JSON.stringify(script.participants));
  form.set('file', new Blob([new Uint8Array(script.body)], { type: script.contentType }), script.fileName);
  return form;
}

/** One attempt. */
export const uploadOnce = (apiUrl: string, script: Script, key = script.mark): Promise<Answer | NoAnswer> =>
  send(`${apiUrl}/upload`, {
    method: 'POST',
    headers: { 'Idempotency-Key': key },
    body: uploadForm(script),
  });

export interface Taken {
  meetingId: string;
  attempts: number;
  /** From the first attempt to the 201. */
  tookMs: number;
}

/** Until it is taken; null when it is refused or the time is over. */
export async function uploadUntilTaken(
  apiUrl: string,
  script: Script,
  { deadlineMs = 90_000, onAttempt = (_: Answer | NoAnswer) => {} } = {},
): Promise<Taken | null> {
  const begun = performance.now();
  for (let attempts = 1; performance.now() - begun < deadlineMs; attempts++) {
    const answer = await uploadOnce(apiUrl, script);
    onAttempt(answer);
    if (answer.status === 201) {
      const { meetingId } = answer.body;
      return { meetingId: meetingId as string, attempts, tookMs: performance.now() - begun };
    }
    if (!comesAgain(answer.status)) return null;
    await pause(Math.min(100 * 2 ** attempts, 1_000));
  }
  return null;
}
