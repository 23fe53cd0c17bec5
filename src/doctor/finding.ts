import { ProviderError } from '../provider-error';

/** What was found out about one part. null = it could not be tried. */
export interface Finding {
  part: string;
  /** Which adapter or address; no secret. */
  configured: string;
  reachable: boolean | null;
  authorised: boolean | null;
  /** What to do or to know; empty = nothing. */
  advice: string;
  /** It is configured and does not work. */
  broken: boolean;
}

type Part = Pick<Finding, 'part' | 'configured'>;

export const works = (part: Part, advice = ''): Finding => ({
  ...part,
  reachable: true,
  authorised: true,
  advice,
  broken: false,
});

/** Nothing to be seen from here, and nothing wrong. */
export const untried = (part: Part, advice: string): Finding => ({
  ...part,
  reachable: null,
  authorised: null,
  advice,
  broken: false,
});

export const unreachable = (part: Part, advice: string): Finding => ({
  ...part,
  reachable: false,
  authorised: null,
  advice,
  broken: true,
});

export const refused = (part: Part, advice: string): Finding => ({
  ...part,
  reachable: true,
  authorised: false,
  advice,
  broken: true,
});

/** There, and let us in, but not usable as it is. */
export const unusable = (part: Part, advice: string): Finding => ({ ...works(part, advice), broken: true });

const NOT_THERE = /unreachable|unavailable|timeout|wrong-address|wrong-region|missing$/;
const NOT_ALLOWED = /auth|forbidden|refused|key/;
const LATER = /rate-limited|slow-down|quota/;

/** The messages of ProviderErrors are written for operators and hold no secret; other errors may. */
function findingOf(part: Part, error: unknown): Finding {
  if (!(error instanceof ProviderError)) return unusable(part, 'failed in an unexpected way');
  const { code, message } = error;
  if (LATER.test(code)) return works(part, message);
  if (NOT_THERE.test(code)) return unreachable(part, message);
  return NOT_ALLOWED.test(code) ? refused(part, message) : unusable(part, message);
}

/** Runs a check that throws ProviderError when something is wrong. */
export async function findingFrom(part: Part, check: () => Promise<unknown>): Promise<Finding> {
  try {
    await check();
    return works(part);
  } catch (error) {
    return findingOf(part, error);
  }
}
