/** Google's calendar adapter against the stand-in, for one person: Ben. */
import { inspect } from 'node:util';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { GoogleSignIn } from '../../src/config/calendar';
import type { CalendarPeople, CalendarPerson } from '../../src/models/calendar-people';
import type { Turns } from '../../src/models/turns';
import { ProviderError } from '../../src/provider-error';
import { GoogleCalendar } from '../../src/providers/google/calendar';
import { sealGrant } from '../../src/providers/google/grant';
import { anEvent } from './contracts/calendar';
import { CLIENT, GoogleStandIn, keyFile } from './vendors/google';

export const BEN = '5f0c2f0e-0000-4000-8000-000000000001';
export const ADDRESS = 'ben@example.com';
/** Long enough on a busy machine; tests of slowness bring shorter ones. */
const PATIENT = { callMs: 10_000, writeMs: 20_000 };
const TOKEN_KEY = Buffer.alloc(32, 'k').toString('base64');
const SECRETS = /canary|ben@example|secret sentence|BEGIN [A-Z ]*KEY|ya29|Bearer/;

const directory = mkdtempSync(path.join(tmpdir(), 'google-key-'));
const KEY_FILE = path.join(directory, 'key.json');

export const ACCOUNT: GoogleSignIn = { kind: 'service-account', keyFile: KEY_FILE, calendarId: null };
export const PER_USER = { kind: 'per-user', ...CLIENT, tokenKey: TOKEN_KEY } as const satisfies GoogleSignIn;

/** A process of its own on a database of its own. */
export const NOBODY_ELSE: Turns = { take: async () => async () => undefined };

/** Ben, and whether he is connected. */
export class Ben implements CalendarPeople {
  constructor(public person: CalendarPerson = { email: ADDRESS, grant: null }) {}
  find = async () => this.person;
  forgetGrant = async (_: string, grant: Buffer) => {
    if (this.person.grant?.equals(grant)) this.person = { ...this.person, grant: null };
  };
}

/** Starts the stand-in for a test file; every test begins empty and ends without violations. */
export function useGoogle(): GoogleStandIn {
  const google = new GoogleStandIn();
  beforeAll(async () => {
    writeFileSync(KEY_FILE, keyFile());
    await google.listen();
    google.tokens.workspace.add(ADDRESS);
  });
  beforeEach(() => {
    google.clear();
    google.empty();
  });
  afterEach(() => expect(google.violations).toEqual([]));
  afterAll(async () => {
    await google.close();
    rmSync(directory, { recursive: true });
  });
  return google;
}

export function calendarAt(
  google: Pick<GoogleStandIn, 'url' | 'tokenUrl'>,
  signIn: GoogleSignIn = ACCOUNT,
  people: CalendarPeople = new Ben(),
  times = PATIENT,
): GoogleCalendar {
  const { url: baseUrl, tokenUrl } = google;
  return new GoogleCalendar({ signIn, baseUrl, tokenUrl, authUrl: '' }, people, NOBODY_ELSE, times);
}

export const connectedBen = (google: GoogleStandIn) =>
  new Ben({ email: ADDRESS, grant: sealGrant(google.tokens.refreshTokenOf(ADDRESS), BEN, TOKEN_KEY) });

export const secretEvent = () =>
  anEvent({ summary: 'the secret sentence', description: 'the secret sentence' });

/** What it ends in, after making sure that nothing in it says more than it should. */
export async function failure(call: Promise<unknown>): Promise<ProviderError> {
  const error: unknown = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ProviderError);
  expect(inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error)).not.toMatch(SECRETS);
  expect((error as Error).message.length).toBeLessThanOrEqual(200);
  return error as ProviderError;
}
