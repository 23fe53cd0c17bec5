/** What SendGrid's answers mean. Sources: its description of `mail/send`, and what it documents of rate limits. */
import { ProviderError } from '../../provider-error';
import { resetMs, retryAfterMs } from '../retry-after';
import type { Answered, Unanswered } from './call';

interface Meaning {
  code: string;
  message: string;
  retryable: boolean;
}

const forGood = (code: string, message: string): Meaning => ({ code, message, retryable: false });
const forNow = (code: string, message: string): Meaning => ({ code, message, retryable: true });

const REFUSED = forGood(
  'mail-refused',
  'SendGrid refuses the mail: check SENDGRID_FROM_EMAIL and the recipient',
);
const ELSEWHERE = forGood('mail-wrong-address', 'SendGrid is not at this address: check SENDGRID_BASE_URL');
const DOWN = forNow('mail-unavailable', 'SendGrid is in trouble; the mail is tried again');

/** Certainly not accepted. Every other status from 500 on proves nothing. */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  401: forGood('mail-auth', 'SendGrid refuses the key: set SENDGRID_API_KEY to a valid one'),
  403: forGood(
    'mail-forbidden',
    'SendGrid forbids it: verify SENDGRID_FROM_EMAIL as a sender, give the key the right “Mail Send”',
  ),
  404: ELSEWHERE,
  405: ELSEWHERE,
  413: forGood('mail-too-large', 'The mail is too large for SendGrid: shorten the task and send it again'),
  429: forNow('mail-rate-limited', 'SendGrid asks for fewer mails; this one waits as told'),
  500: DOWN,
  503: DOWN,
};

const NO_CREDITS = forGood('mail-no-credits', 'The plan at SendGrid is used up: raise it, then send again');
const UNREACHABLE = forNow(
  'mail-unreachable',
  'SendGrid can not be reached: check network and SENDGRID_BASE_URL',
);
const UNCLEAR = forGood(
  'outcome-unknown',
  'SendGrid gave no clear answer. The mail may have gone out; send it again only if it did not arrive',
);

/** SendGrid's word for success; an empty 200 is its sandbox. */
export const isAccepted = ({ status, body }: Answered): boolean =>
  status === 202 || (status === 200 && isEmpty(body));

const isEmpty = (body: unknown) => body === '' || body === undefined || body === null;

/** The error for everything but success; holds nothing of the answer but its status and the name of a field. */
export function failureOf(answer: Answered | Unanswered): ProviderError {
  if (answer.status === null) return error(answer.reached ? UNCLEAR : UNREACHABLE, answer.why);
  const { status, headers, body } = answer;
  const said = [status, fieldIn(body)].filter(Boolean).join(', ');
  return error(
    meaningOf(answer),
    said,
    retryAfterMs(headers['retry-after']) ?? resetMs(headers['x-ratelimit-reset']),
  );
}

function meaningOf({ status, body }: Answered): Meaning {
  if (status === 401 && /credits/i.test(textIn(body, 'message'))) return NO_CREDITS;
  const meaning = MEANINGS[status];
  if (meaning) return meaning;
  if (status >= 300 && status < 400) return ELSEWHERE;
  return status >= 400 && status < 500 ? REFUSED : UNCLEAR;
}

function error(
  { code, message, retryable }: Meaning,
  said: string,
  waitMs: number | null = null,
): ProviderError {
  return new ProviderError(code, `${message} (${said}).`, {
    retryable,
    outcome: code === UNCLEAR.code ? 'unknown' : 'rejected',
    ...(retryable && waitMs !== null && { retryAfterMs: waitMs }),
  });
}

/** `from.email`, `personalizations.0.to`: names of fields, never values. */
function fieldIn(body: unknown): string {
  const field = textIn(body, 'field');
  return /^[a-z_]+(\.[a-z_0-9]+){0,6}$/.test(field) && field !== 'null' ? field.slice(0, 60) : '';
}

function textIn(body: unknown, name: 'field' | 'message'): string {
  const errors = (body as { errors?: unknown } | null)?.errors;
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const text = (first as Record<string, unknown> | null | undefined)?.[name];
  return typeof text === 'string' ? text : '';
}
