import { ProviderError } from '../../provider-error';
import { isObject } from '../json';

/** What the client library tells of an answer that is no success. None of it is passed on. */
export interface Refusal {
  status: number;
  message: string;
  errorDetails?: unknown;
  retryAfter: string | null;
}

interface Detail {
  '@type'?: unknown;
  reason?: unknown;
  retryDelay?: unknown;
  violations?: unknown;
}

const detailsOf = ({ errorDetails }: Refusal): Detail[] =>
  (Array.isArray(errorDetails) ? (errorDetails as unknown[]) : []).filter(isObject);

/** `"47.17s"` of `google.rpc.RetryInfo`, else `Retry-After` in seconds or as a date. In milliseconds. */
function waitMs(refusal: Refusal): number | undefined {
  const info = detailsOf(refusal).find((detail) => String(detail['@type']).endsWith('google.rpc.RetryInfo'));
  const told = /^(\d+(?:\.\d+)?)s$/.exec(String(info?.retryDelay))?.[1] ?? refusal.retryAfter?.trim();
  if (!told) return undefined;
  const ms = /^\d+(?:\.\d+)?$/.test(told) ? Number(told) * 1000 : Date.parse(told) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, Math.ceil(ms)) : undefined;
}

/** A day's quota, or one of zero, comes back at midnight Pacific time or never: waiting a minute is of no use. */
function isSpentForTheDay(refusal: Refusal): boolean {
  const quotas = JSON.stringify(detailsOf(refusal).map(({ violations }) => violations));
  return /"quotaId":"[^"]*PerDay/i.test(quotas) || /limit: 0\b/.test(refusal.message);
}

const isKeyProblem = (refusal: Refusal): boolean =>
  [401, 403].includes(refusal.status) ||
  detailsOf(refusal).some(({ reason }) => /^API_KEY_/.test(String(reason))) ||
  (refusal.status === 400 && /API key (?:not valid|expired|not found)/i.test(refusal.message));

const forGood = (code: string, message: string) => new ProviderError(code, message, { retryable: false });

function later(code: string, message: string, refusal: Refusal): ProviderError {
  const retryAfterMs = waitMs(refusal);
  return new ProviderError(code, message, {
    retryable: true,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

function quotaProblem(refusal: Refusal): ProviderError {
  return isSpentForTheDay(refusal)
    ? forGood(
        'gemini-quota-exhausted',
        'The quota of this Gemini model is used up for the day (it returns at midnight Pacific time) or is zero. Raise it, or set GEMINI_FALLBACK_MODEL.',
      )
    : later(
        'rate-limited',
        'Gemini takes no more calls for the moment. Tried again when it says so.',
        refusal,
      );
}

/** Google's status and details in our own words (ai.google.dev/gemini-api/docs/troubleshooting). */
export function problemOf(refusal: Refusal): ProviderError {
  const { status } = refusal;
  if (isKeyProblem(refusal))
    return forGood(
      'gemini-auth',
      'Gemini refuses the key. Check GEMINI_API_KEY and what it is restricted to.',
    );
  if (status === 404)
    return forGood('model-not-found', 'Gemini has no such model for this key. Check GEMINI_MODEL.');
  if (status === 429) return quotaProblem(refusal);
  if (status === 408 || status >= 500)
    return later('gemini-unavailable', `Gemini is not available (${status}). Tried again.`, refusal);
  if (status >= 300 && status < 400)
    return forGood(
      'gemini-bad-request',
      'Gemini answers with a redirect. Put the final address into GEMINI_BASE_URL.',
    );
  return forGood(
    'gemini-bad-request',
    `Gemini refuses the request (${status}): a model, region or billing that does not allow it. Check GEMINI_MODEL and the project.`,
  );
}

/** A header can't carry it, and the error of the runtime would show it. */
export const keyUnusable = (): ProviderError =>
  forGood('gemini-auth', 'GEMINI_API_KEY holds characters that no key has. Copy it again.');

export const badResponse = (what: string): ProviderError =>
  new ProviderError('bad-response', `Gemini answered ${what}. Check GEMINI_BASE_URL if it goes on.`, {
    retryable: true,
  });

export const tooSlow = (timeoutMs: number): ProviderError =>
  new ProviderError('gemini-timeout', `Gemini gave no answer in ${timeoutMs / 1000} s. Tried again.`, {
    retryable: true,
  });

export const blocked = (reason: string): ProviderError =>
  forGood('gemini-blocked', `Gemini refuses to work on this transcript (${reason}). The transcript is kept.`);

export const empty = (): ProviderError =>
  forGood(
    'gemini-empty',
    'Gemini answered with nothing. The transcript is kept; extract again or use another model.',
  );

export const tooLong = (): ProviderError =>
  forGood(
    'gemini-answer-too-long',
    "Gemini's answer does not fit its limit even for a short piece. Use another model.",
  );
