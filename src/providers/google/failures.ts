/** What Google's answers mean. Source: the guide to errors of the Calendar API, and RFC 6749 for the token service. */
import { CALENDAR_EVENT_ID_USED, CALENDAR_NOT_CONNECTED } from '../../ports';
import { ProviderError } from '../../provider-error';
import type { Refusal } from './bounded-fetch';

/** 403 for everything, also for "not so fast". */
const TOO_FAST = ['userRateLimitExceeded', 'rateLimitExceeded', 'quotaExceeded'];

const forGood = (code: string, message: string) => new ProviderError(code, message, { retryable: false });
const forNow = (code: string, message: string, retryAfterMs: number | null = null) =>
  new ProviderError(code, message, { retryable: true, ...(retryAfterMs !== null && { retryAfterMs }) });

export const unreachable = () =>
  forNow('calendar-unreachable', 'Google did not answer, or the connection broke. Tried again.');
export const badAnswer = () =>
  forNow('bad-response', 'Google’s answer can not be read. Check GOOGLE_BASE_URL if it goes on.');
export const busy = () => forNow('calendar-busy', 'Too many entries wait for this calendar. Tried again.');
export const notConnected = () =>
  forGood(
    CALENDAR_NOT_CONNECTED,
    'The owner has not connected a calendar: GET /calendar/connect, then notify again.',
  );
/** The id was used before: its entry is deleted, or another's. */
export const idUsed = () =>
  forGood(CALENDAR_EVENT_ID_USED, 'This entry was deleted by hand; the next one needs another id.');
export const consentRefused = () =>
  forGood(
    'calendar-consent-refused',
    'Google gave no lasting access to the calendar: connect again and allow it.',
  );
export const keyChanged = () =>
  forGood(
    'calendar-token-key',
    'CALENDAR_TOKEN_KEY is not the one that encrypted this grant: set that one, or let the user connect again.',
  );
export const keyFileUnusable = () =>
  forGood('calendar-key-file', 'GOOGLE_SERVICE_ACCOUNT_FILE is no key file of a service account.');

/** 429 and 5xx pass; 408 = Google waited for us. */
function passing({ status, retryAfterMs }: Refusal): ProviderError | null {
  if (status === 429) return tooFast(status, retryAfterMs);
  if (status < 500 && status !== 408) return null;
  return forNow('calendar-unavailable', `Google is in trouble (${status}). Tried again.`, retryAfterMs);
}

const tooFast = (status: number, retryAfterMs: number | null) =>
  forNow(
    'calendar-rate-limited',
    `Google wants fewer requests (${status}). Waits, then tried again.`,
    retryAfterMs,
  );

const elsewhere = (status: number) =>
  forGood('calendar-wrong-address', `Google is not at this address (${status}): check GOOGLE_BASE_URL.`);

/** The error for an answer of the Calendar API that nobody knows how to mend. */
export function refusedByCalendar(refusal: Refusal): ProviderError {
  const { status, reason, retryAfterMs } = refusal;
  if (status === 403 && TOO_FAST.includes(reason)) return tooFast(status, retryAfterMs);
  return passing(refusal) ?? permanent(status, reason);
}

function permanent(status: number, reason: string): ProviderError {
  const said = reason === '' ? String(status) : `${status}, ${reason}`;
  if (status === 401) {
    return forGood(
      'calendar-auth',
      `Google refuses a fresh token (${said}): check its scope calendar.events.`,
    );
  }
  if (status === 403) {
    return forGood(
      'calendar-forbidden',
      `Google forbids it (${said}): enable the Calendar API, grant calendar.events, share the calendar for changes.`,
    );
  }
  if (status === 404) {
    return forGood(
      'calendar-not-found',
      `There is no such calendar (${said}): check GOOGLE_CALENDAR_ID and its sharing.`,
    );
  }
  if (status >= 300 && status < 400) return elsewhere(status);
  return forGood('calendar-refused', `Google refuses the entry (${said}).`);
}

/** What to look at when the token service refuses us, not a user. */
export const CHECK_CLIENT = 'check GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET';

/** The error for an answer of the token service. `invalid_grant` of a user is for the caller to see first. */
export function refusedByTokenService(refusal: Refusal, check: string): ProviderError {
  const { status, reason } = refusal;
  return (
    passing(refusal) ??
    forGood('calendar-auth', `Google refuses the sign-in (${reason || status}): ${check}.`)
  );
}
