import type { Config } from '../config';
import type { GoogleSettings } from '../config/calendar';
import { accountsOf } from '../providers/google/accounts';
import { Refusal } from '../providers/google/bounded-fetch';
import { GoogleConsent } from '../providers/google/consent';
import { refusedByCalendar } from '../providers/google/failures';
import { AccessTokens, Session } from '../providers/google/session';
import { ProviderError } from '../provider-error';
import { findingFrom, untried, type Finding } from './finding';

const TIMEOUT_MS = 15_000;
/** A well-formed id that no entry has. */
const NO_ENTRY = 'doctor0000';

/** A service account signs in and asks for an entry that is not there; of a client only sign-in can be tried. */
export async function checkGoogle(settings: GoogleSettings, { server, auth }: Config): Promise<Finding> {
  const { signIn } = settings;
  const part = { part: 'calendar', configured: `google ${signIn.kind}` };
  if (signIn.kind === 'per-user') {
    const redirectUri = `${server.publicUrl}/calendar/callback`;
    return findingFrom(part, () => redeemNothing(new GoogleConsent(settings), redirectUri));
  }
  const [somebody = null] = auth.adminEmails;
  if (signIn.calendarId === null && somebody === null) {
    return untried(part, 'it acts for each user: name one of them in ADMIN_EMAILS to try it');
  }
  return findingFrom(part, () => askForNoEntry(settings, somebody ?? ''));
}

/** A code that nobody has given out is refused only after the client was found to be right. */
async function redeemNothing(consent: GoogleConsent, redirectUri: string): Promise<void> {
  try {
    await consent.redeem('doctor', redirectUri, 'doctor');
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'calendar-consent-refused') return;
    throw error;
  }
}

async function askForNoEntry(settings: GoogleSettings, email: string): Promise<void> {
  const { baseUrl, tokenUrl } = settings;
  const people = { find: async () => ({ email, grant: null }), forgetGrant: async () => undefined };
  const account = await accountsOf(settings, people)('doctor');
  if (!account) return;
  const tokens = new AccessTokens();
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const session = new Session(account, { tokens, baseUrl, tokenUrl, callMs: TIMEOUT_MS, signal });
  const { calendarId } = account;
  try {
    await session.call((events) => events.get({ calendarId, eventId: NO_ENTRY }));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (![404, 410].includes(error.status)) throw refusedByCalendar(error);
  }
}
