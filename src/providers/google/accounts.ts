/** The three ways of getting at somebody's calendar, behind one function. */
import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { GoogleSettings, GoogleSignIn } from '../../config/calendar';
import type { CalendarPeople } from '../../models/calendar-people';
import { parseJson, isObject } from '../json';
import { Refusal } from './bounded-fetch';
import { CHECK_CLIENT, keyFileUnusable, notConnected, refusedByTokenService } from './failures';
import { openGrant } from './grant';
import { google, SCOPE, transport, unwrapped } from './library';

/** As the library gives them out; a token service may leave out when one ends. */
export interface Credentials {
  access_token?: string | null;
  expiry_date?: number | null;
}

/** In whose name we write, and where. */
export interface Account {
  /** The same for the same access token. */
  id: string;
  calendarId: string;
  /** Asks for an access token. @throws ProviderError */
  signIn(fetchImplementation: typeof fetch): Promise<Credentials>;
}

/** null = there is no such user any more. @throws ProviderError `calendar-not-connected` without any call */
export type Accounts = (userId: string) => Promise<Account | null>;

export function accountsOf({ signIn, tokenUrl }: GoogleSettings, people: CalendarPeople): Accounts {
  if (signIn.kind === 'per-user') return connectedUsers(signIn, tokenUrl, people);
  return signIn.calendarId === null
    ? delegated(signIn.keyFile, people)
    : sharedCalendar(signIn.keyFile, signIn.calendarId, people);
}

const CHECK_ACCOUNT = 'check the key file, the clock of this machine and that the key was not deleted';
const CHECK_DELEGATION =
  'allow the account’s client id the scope calendar.events; the user must be in the Workspace';

function delegated(keyFile: string, people: CalendarPeople): Accounts {
  return async (userId) => {
    const person = await people.find(userId);
    if (!person) return null;
    const { email: subject } = person;
    const signIn = (how: typeof fetch) => asServiceAccount(keyFile, subject, CHECK_DELEGATION, how);
    return { id: subject, calendarId: 'primary', signIn };
  };
}

function sharedCalendar(keyFile: string, calendarId: string, people: CalendarPeople): Accounts {
  const signIn = (how: typeof fetch) => asServiceAccount(keyFile, undefined, CHECK_ACCOUNT, how);
  return async (userId) => ((await people.find(userId)) ? { id: calendarId, calendarId, signIn } : null);
}

async function asServiceAccount(
  keyFile: string,
  subject: string | undefined,
  check: string,
  fetchImplementation: typeof fetch,
): Promise<Credentials> {
  const client = new (google().auth.JWT)({
    ...(await readKeyFile(keyFile)),
    scopes: [SCOPE],
    ...(subject !== undefined && { subject }),
    transporterOptions: transport(fetchImplementation),
  });
  return refusedAs(
    (refusal) => refusedByTokenService(refusal, check),
    () => client.authorize(),
  );
}

async function readKeyFile(file: string): Promise<{ email: string; key: string }> {
  const key = parseJson(await readFile(file, 'utf8').catch(() => ''));
  if (!isObject(key)) throw keyFileUnusable();
  const { client_email: email, private_key: pem } = key;
  if (typeof email !== 'string' || typeof pem !== 'string' || !isPrivateKey(pem)) throw keyFileUnusable();
  return { email, key: pem };
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    // OpenSSL's words for it help nobody.
    return false;
  }
}

function connectedUsers(
  signIn: GoogleSignIn & { kind: 'per-user' },
  tokenUrl: string | null,
  people: CalendarPeople,
): Accounts {
  return async (userId) => {
    const person = await people.find(userId);
    if (!person) return null;
    const { grant } = person;
    if (!grant) throw notConnected();
    const refusal = async (refused: Refusal) => {
      if (refused.reason !== 'invalid_grant') return refusedByTokenService(refused, CHECK_CLIENT);
      await people.forgetGrant(userId, grant);
      return notConnected();
    };
    return {
      id: grant.toString('base64'),
      calendarId: 'primary',
      async signIn(fetchImplementation) {
        const client = oauthClient(signIn, tokenUrl, fetchImplementation);
        client.setCredentials({ refresh_token: openGrant(grant, userId, signIn.tokenKey) });
        return refusedAs(refusal, async () => (await client.refreshAccessToken()).credentials);
      },
    };
  };
}

/** For users who connect themselves: refreshes their tokens, and exchanges the code that consent brings. */
export const oauthClient = (
  { clientId, clientSecret }: Pick<GoogleSignIn & { kind: 'per-user' }, 'clientId' | 'clientSecret'>,
  tokenUrl: string | null,
  fetchImplementation: typeof fetch,
) =>
  new (google().auth.OAuth2)({
    clientId,
    clientSecret,
    ...(tokenUrl !== null && { endpoints: { oauth2TokenUrl: tokenUrl } }),
    transporterOptions: transport(fetchImplementation),
  });

/** Runs a call to the token service and says in our words why it was refused. */
export async function refusedAs<T>(
  meaning: (refusal: Refusal) => Error | Promise<Error>,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await unwrapped(call);
  } catch (error) {
    throw error instanceof Refusal ? await meaning(error) : error;
  }
}
