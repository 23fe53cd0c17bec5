/** What the Google calendar needs; null = it was not chosen. */
import type { Values } from './providers';
import type { Variable } from './schema';

/** How we get at people's calendars. A service account wins over connecting one by one. */
export type GoogleSignIn =
  | {
      kind: 'service-account';
      keyFile: string;
      /** One calendar for everybody, shared with the account; null = it acts for each user (domain-wide delegation). */
      calendarId: string | null;
    }
  | {
      kind: 'per-user';
      clientId: string;
      clientSecret: string;
      /** 32 bytes in base64: encrypts refresh tokens, signs the way to consent and back. */
      tokenKey: string;
    };

export interface GoogleSettings {
  signIn: GoogleSignIn;
  /** Origin; null = Google's. */
  baseUrl: string | null;
  /** Page where people consent. */
  authUrl: string;
  /** Full address of the token service; null = Google's. */
  tokenUrl: string | null;
}

type Text = (name: Variable) => string | null;

const GOOGLE_CONSENT = 'https://accounts.google.com/o/oauth2/v2/auth';

/** The settings of a configuration without problems. */
export function googleSettings(provider: string, text: Text): GoogleSettings | null {
  const signIn = provider === 'google' ? signInSettings(text) : null;
  if (!signIn) return null;
  return {
    signIn,
    baseUrl: text('GOOGLE_BASE_URL'),
    authUrl: text('GOOGLE_AUTH_URL') ?? GOOGLE_CONSENT,
    tokenUrl: text('GOOGLE_TOKEN_URL'),
  };
}

function signInSettings(text: Text): GoogleSignIn | null {
  const keyFile = text('GOOGLE_SERVICE_ACCOUNT_FILE');
  if (keyFile !== null) return { kind: 'service-account', keyFile, calendarId: text('GOOGLE_CALENDAR_ID') };
  const [clientId, clientSecret] = [text('GOOGLE_CLIENT_ID'), text('GOOGLE_CLIENT_SECRET')];
  const tokenKey = text('CALENDAR_TOKEN_KEY');
  if (clientId === null || clientSecret === null || tokenKey === null) return null;
  return { kind: 'per-user', clientId, clientSecret, tokenKey };
}

/** What would fail only at the first calendar entry, as sentences that say what to change. */
export function calendarProblems(provider: string, values: Values): string[] {
  if (provider !== 'google' || values.GOOGLE_SERVICE_ACCOUNT_FILE !== undefined) return [];
  if (values.CALENDAR_TOKEN_KEY !== undefined) return [];
  return ['CALENDAR_TOKEN_KEY is missing: it encrypts what users grant (openssl rand -base64 32)'];
}
