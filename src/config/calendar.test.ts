import { loadConfig } from '../config';
import { ConfigError } from '../config';

const DATABASE_URL = 'postgres://me@localhost/meetings';
const TOKEN_KEY = Buffer.alloc(32, 7).toString('base64');
const CLIENT = { GOOGLE_CLIENT_ID: 'id', GOOGLE_CLIENT_SECRET: 'secret' };
const ACCOUNT = { GOOGLE_SERVICE_ACCOUNT_FILE: '/keys/robot.json' };

const calendar = (env: Record<string, string>) => loadConfig({ DATABASE_URL, ...env }).calendar;

function problems(env: Record<string, string>): string[] {
  try {
    loadConfig({ DATABASE_URL, ...env });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('the Google calendar', () => {
  it('acts for every user with a service account alone', () => {
    expect(calendar(ACCOUNT)).toEqual({
      provider: 'google',
      google: {
        signIn: { kind: 'service-account', keyFile: '/keys/robot.json', calendarId: null },
        baseUrl: null,
        authUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
        tokenUrl: null,
      },
    });
  });

  it('is one that everybody shares when that is named', () => {
    const { google } = calendar({ ...ACCOUNT, GOOGLE_CALENDAR_ID: 'team@group.calendar.google.com' });
    expect(google?.signIn).toMatchObject({ calendarId: 'team@group.calendar.google.com' });
  });

  it('is connected user by user with a client', () => {
    const { google } = calendar({
      ...CLIENT,
      CALENDAR_TOKEN_KEY: TOKEN_KEY,
      GOOGLE_BASE_URL: 'http://127.0.0.1:9',
      GOOGLE_AUTH_URL: 'http://127.0.0.1:9/auth',
      GOOGLE_TOKEN_URL: 'http://127.0.0.1:9/token',
    });
    expect(google).toEqual({
      signIn: { kind: 'per-user', clientId: 'id', clientSecret: 'secret', tokenKey: TOKEN_KEY },
      baseUrl: 'http://127.0.0.1:9',
      authUrl: 'http://127.0.0.1:9/auth',
      tokenUrl: 'http://127.0.0.1:9/token',
    });
  });

  it('is that of the service account when both are set', () => {
    expect(calendar({ ...ACCOUNT, ...CLIENT }).google?.signIn.kind).toBe('service-account');
  });

  it('is not there when another was chosen', () => {
    expect(calendar({ ...ACCOUNT, CALENDAR_PROVIDER: 'local' })).toEqual({ provider: 'local', google: null });
  });

  it('keeps no grant without a key', () => {
    expect(problems(CLIENT)).toEqual([expect.stringContaining('CALENDAR_TOKEN_KEY is missing')]);
    expect(problems({ ...CLIENT, CALENDAR_TOKEN_KEY: 'c2hvcnQ=' })).toEqual([
      expect.stringContaining('CALENDAR_TOKEN_KEY must be 32 bytes'),
    ]);
  });

  it('needs a way to sign in', () => {
    expect(problems({ CALENDAR_PROVIDER: 'google', CALENDAR_TOKEN_KEY: TOKEN_KEY })).toEqual([
      'CALENDAR_PROVIDER is google, which needs GOOGLE_SERVICE_ACCOUNT_FILE, or GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET',
    ]);
  });

  it.each(['GOOGLE_BASE_URL', 'GOOGLE_AUTH_URL', 'GOOGLE_TOKEN_URL'])('%s goes over https', (name) => {
    expect(problems({ ...ACCOUNT, [name]: 'http://gateway.example.com' })).toHaveLength(1);
  });
});
