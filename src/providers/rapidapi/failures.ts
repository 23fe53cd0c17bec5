/** What the gateway and the services behind it answer when they do not answer, in our words. */
import { PIECE_TOO_LONG } from '../../ports';
import { ProviderError } from '../../provider-error';
import { waitMs, type Hints } from './waits';

/** Longer than this nobody waits: the step fails, and says so. */
const LONGEST_WAIT_MS = 11 * 3_600_000;

type Make = (hints: Hints) => ProviderError;

const final = (code: string, message: string): ProviderError =>
  new ProviderError(code, message, { retryable: false });

/** Takes time to hear: the same length again would take as long. `unknown`: it may be paid for. */
export const tooSlow = (): ProviderError =>
  new ProviderError(PIECE_TOO_LONG, 'The speech service did not answer in time, for a short piece too.', {
    retryable: true,
    outcome: 'unknown',
  });

/** An answer came, and it may have been paid for, but there is nothing in it that can be used. */
export const badAnswer = (what: string): ProviderError =>
  new ProviderError('bad-response', `The speech service's answer ${what}. See RAPIDAPI_PROFILE.`, {
    retryable: true,
    outcome: 'unknown',
  });

/** The piece was sent, or may have been, and then the connection broke. */
export const brokenOff = (): ProviderError =>
  new ProviderError('speech-interrupted', 'The connection to the speech service broke before its answer.', {
    retryable: true,
    outcome: 'unknown',
  });

/** Nothing was sent. */
export const unreachable = (): ProviderError =>
  new ProviderError(
    'speech-unreachable',
    'The speech service can not be reached: check the network, RAPIDAPI_PROFILE and RAPIDAPI_BASE_URL.',
    { retryable: true },
  );

/** The service says that it failed, or its answer lacks what the profile points to. */
export const serviceFailed = (): ProviderError =>
  new ProviderError('speech-service-failed', 'The speech service says that it could not hear this piece.', {
    retryable: true,
    outcome: 'unknown',
  });

export const notAsTheProfileSays = (keys: string[]): ProviderError =>
  final(
    'speech-profile-wrong',
    `The answer has none of the fields that the profile names; it has: ${keys.join(', ') || 'none'}. Correct the profile.`,
  );

const BY_STATUS: Record<number, Make> = {
  400: () => final('speech-refused', 'The speech service refuses the request (400): check the profile.'),
  401: () => final('speech-key-refused', 'RapidAPI does not know the key: check RAPIDAPI_KEY.'),
  402: () => final('speech-not-subscribed', 'RapidAPI wants to be paid: check the plan of the key.'),
  403: () =>
    final(
      'speech-not-subscribed',
      'The key is not subscribed to this API: subscribe, or change RAPIDAPI_PROFILE.',
    ),
  404: () =>
    final('speech-endpoint-missing', 'RapidAPI has no such API or endpoint: correct RAPIDAPI_PROFILE.'),
  408: tooSlow,
  413: () => final(PIECE_TOO_LONG, 'The speech service takes no piece as small as this: lower the limits.'),
  415: () =>
    final('speech-refused', 'The speech service does not read this format: correct `accept` of the profile.'),
  422: () => final('speech-refused', 'The speech service refuses a piece (422): check language and profile.'),
  429: tooMany,
  504: tooSlow,
};

/** What a status other than 200 means. Nothing of the body goes into it. */
export function failureOf(status: number, hints: Hints): ProviderError {
  const make = BY_STATUS[status];
  if (make) return make(hints);
  if (status >= 300 && status < 400) {
    return final(
      'speech-redirected',
      'The speech service points elsewhere, and is not followed: check its address.',
    );
  }
  if (status < 500) return final('speech-refused', `The speech service refuses the request (${status}).`);
  return new ProviderError(
    'speech-unavailable',
    `The speech service is not working (${status}): see its status page. It is tried again.`,
    { retryable: true, ...(waitHint(hints) !== null && { retryAfterMs: waitHint(hints) as number }) },
  );
}

const waitHint = ({ headers }: Hints): number | null =>
  headers.has('retry-after') ? waitMs({ headers, said: '' }) : null;

function tooMany(hints: Hints): ProviderError {
  const retryAfterMs = waitMs(hints);
  const quota = /quota/i.test(hints.said);
  if (retryAfterMs === null && !quota) {
    return new ProviderError('rate-limited', 'RapidAPI asks for fewer calls. It is tried again.', {
      retryable: true,
    });
  }
  if (retryAfterMs === null || retryAfterMs > LONGEST_WAIT_MS) {
    return final(
      'speech-quota-used-up',
      'The quota of the RapidAPI plan is used up: upgrade it, or ask again when it is renewed.',
    );
  }
  const seconds = Math.ceil(retryAfterMs / 1000);
  const code = quota ? 'speech-quota-used-up' : 'rate-limited';
  return new ProviderError(code, `RapidAPI's plan allows no more calls now; goes on in ${seconds} s.`, {
    retryable: true,
    retryAfterMs,
  });
}
