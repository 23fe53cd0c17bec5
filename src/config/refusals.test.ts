import fc from 'fast-check';
import { ConfigError, loadConfig } from '../config';
import { parseBytes, parseDurationMs, parseList } from './units';
import { isLoopback, parseSecureOrigin, parseSecureUrl } from './urls';
import { VARIABLE_NAMES } from './schema';

const DATABASE_URL = 'postgres://me@localhost/meetings';

function problems(env: Record<string, string>): string[] {
  try {
    loadConfig({ DATABASE_URL, ...env });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const AUTH_ISSUER = 'https://issuer.example.com';
const S3 = { S3_BUCKET: 'b' };
const SUPABASE = { SUPABASE_URL: 'https://x.example.com', SUPABASE_SERVICE_ROLE_KEY: 'k' };
const secureOrigin = /an https: origin without a path \(http: only on loopback\)/;
const secureUrl = /an https: URL \(http: only on loopback\)/;

/** Everything that is refused: with which variable it is mended, and the words that say how. */
const REFUSED: [Record<string, string>, variable: string, remedy: RegExp][] = [
  [{ DATABASE_URL: '' }, 'DATABASE_URL', /is required/],
  [{ DATABASE_URL: 'mysql://x/y' }, 'DATABASE_URL', /postgres/],
  [{ DATABASE_URL: 'localhost' }, 'DATABASE_URL', /postgres/],
  [{ MIGRATION_DATABASE_URL: 'https://x/y' }, 'MIGRATION_DATABASE_URL', /postgres/],
  [{ DATABASE_POOL_MAX: '0' }, 'DATABASE_POOL_MAX', /1/],
  [{ DATABASE_POOL_MAX: '501' }, 'DATABASE_POOL_MAX', /500/],
  [{ DATABASE_POOL_MAX: '2.5' }, 'DATABASE_POOL_MAX', /integer/],
  [{ NODE_ENV: 'staging' }, 'NODE_ENV', /development, test, production/],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL', /trace, debug, info/],
  [{ PORT: '65536' }, 'PORT', /valid port/],
  [{ PORT: '-1' }, 'PORT', /valid port/],
  [{ PORT: 'http' }, 'PORT', /number/],
  [{ TEMPORAL_UI_PORT: '8233.5' }, 'TEMPORAL_UI_PORT', /port|integer/],
  [{ HOST: 'not a host' }, 'HOST', /hostname/],
  [{ HOST: '0.0.0.0' }, 'HOST', /loopback address.*AUTH_ISSUER/],
  [{ PUBLIC_URL: 'http://meetings.example.com' }, 'PUBLIC_URL', secureUrl],
  [{ PUBLIC_URL: 'meetings' }, 'PUBLIC_URL', secureUrl],
  [{ MAX_UPLOAD_BYTES: '2 parsecs' }, 'MAX_UPLOAD_BYTES', /a size such as/],
  [{ MAX_UPLOAD_BYTES: '-1' }, 'MAX_UPLOAD_BYTES', /a size such as/],
  [{ MAX_MEDIA_SECONDS: '0' }, 'MAX_MEDIA_SECONDS', /positive/],
  [{ REEXTRACTION_WINDOW: '24' }, 'REEXTRACTION_WINDOW', /a time such as 24h/],
  [{ MAX_COST_PER_MEETING: '-3' }, 'MAX_COST_PER_MEETING', /positive/],
  [{ WORKER_QUEUES: 'speach' }, 'WORKER_QUEUES', /list of meetings, media/],
  [{ WORKER_QUEUES: ',' }, 'WORKER_QUEUES', /list of meetings, media/],
  [{ ALLOW_LOCAL_PROVIDERS: 'perhaps' }, 'ALLOW_LOCAL_PROVIDERS', /boolean/],
  [{ AUTH_AUDIENCE: 'x' }, 'AUTH_ISSUER', /without it AUTH_AUDIENCE would check nothing/],
  [{ AUTH_JWKS_URL: 'https://x/y' }, 'AUTH_ISSUER', /without it AUTH_JWKS_URL would check nothing/],
  [{ AUTH_ISSUER: 'http://issuer.example.com' }, 'AUTH_ISSUER', secureUrl],
  [{ NODE_ENV: 'production', ALLOW_LOCAL_PROVIDERS: 'true' }, 'AUTH_ISSUER', /production needs sign-in/],
  [
    { NODE_ENV: 'production', AUTH_ISSUER },
    'MAIL_PROVIDER',
    /set the keys of another or ALLOW_LOCAL_PROVIDERS=true/,
  ],
  [{ STORAGE_PROVIDER: 'azure' }, 'STORAGE_PROVIDER', /local, s3, supabase/],
  [{ ...S3, ...SUPABASE }, 'STORAGE_PROVIDER', /say which with/],
  [{ STORAGE_PROVIDER: 's3' }, 'S3_BUCKET', /which needs S3_BUCKET/],
  [{ STORAGE_PROVIDER: 'supabase', SUPABASE_URL: 'https://x' }, 'SUPABASE_SERVICE_ROLE_KEY', /which needs/],
  [{ ...S3, AWS_ACCESS_KEY_ID: 'x' }, 'AWS_SECRET_ACCESS_KEY', /missing: it belongs to/],
  [{ ...S3, S3_ENDPOINT: 'https://x/path' }, 'S3_ENDPOINT', secureOrigin],
  [{ ...S3, S3_FORCE_PATH_STYLE: '2' }, 'S3_FORCE_PATH_STYLE', /boolean/],
  [{ SPEECH_PROVIDER: 'rapidapi' }, 'RAPIDAPI_KEY', /which needs RAPIDAPI_KEY/],
  [{ RAPIDAPI_BASE_URL: 'http://10.0.0.1' }, 'RAPIDAPI_BASE_URL', secureOrigin],
  [{ DIARIZATION_PROVIDER: 'cloud' }, 'DIARIZATION_PROVIDER', /local, off/],
  [{ EXTRACTION_PROVIDER: 'gemini' }, 'GEMINI_API_KEY', /which needs GEMINI_API_KEY/],
  [{ GEMINI_BASE_URL: 'https://x?y' }, 'GEMINI_BASE_URL', secureOrigin],
  [{ SENDGRID_API_KEY: 'x' }, 'SENDGRID_FROM_EMAIL', /address of a sender that SendGrid has verified/],
  [{ SENDGRID_FROM_EMAIL: 'nobody' }, 'SENDGRID_FROM_EMAIL', /valid email/],
  [{ SENDGRID_WEBHOOK_PUBLIC_KEY: 'x' }, 'SENDGRID_WEBHOOK_PUBLIC_KEY', /as SendGrid shows it/],
  [{ GOOGLE_TOKEN_URL: 'http://x.example.com/t' }, 'GOOGLE_TOKEN_URL', secureUrl],
  [{ CALENDAR_TOKEN_KEY: 'c2hvcnQ=' }, 'CALENDAR_TOKEN_KEY', /openssl rand -base64 32/],
  [{ CALENDAR_PROVIDER: 'outlook' }, 'CALENDAR_PROVIDER', /local, google/],
];

test.each(REFUSED)('%j is refused with %s and what to do', (env, variable, remedy) => {
  const found = problems(env).filter((problem) => problem.includes(variable));
  expect(found).not.toEqual([]);
  expect(found.join('\n')).toMatch(remedy);
});

test('what is refused is never repeated: it may be a secret in the wrong place', () => {
  const secret = 'sk-canary-0123456789';
  for (const name of VARIABLE_NAMES) {
    for (const value of [secret, `https://me:${secret}@x.example.com/y`]) {
      expect(problems({ [name]: value }).join('\n')).not.toContain(secret);
    }
  }
});

test('everything wrong is said at once, a sentence each', () => {
  const env = { PORT: 'x', LOG_LEVEL: 'x', MAX_UPLOAD_BYTES: 'x', GEMINI_BASE_URL: 'x', HOST: '0.0.0.0' };
  const found = problems(env);
  for (const name of Object.keys(env)) expect(found.filter((one) => one.includes(name))).toHaveLength(1);
  const error = new ConfigError(found);
  for (const one of found) expect(error.message).toContain(one);
});

describe('addresses that only this machine can reach', () => {
  it.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.255.255.254', '::1', '[::1]'])('%s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each([
    ...['0.0.0.0', '::', '10.0.0.1', '128.0.0.1', 'localhost.example.com', 'example.com', '127.0.0.1.nip.io'],
    ...['127.1.example', '::ffff:10.0.0.1', '', ' localhost', '127.0.0', '127.0.0.256'],
  ])('not %j', (host) => expect(isLoopback(host)).toBe(false));

  it.each(['http://2130706433', 'http://0x7f.1', 'http://127.1', 'http://[::1]:9'])(
    'however loopback is written: %s',
    (url) => expect(parseSecureOrigin(url)).not.toBeNull(),
  );

  it.each([
    ...['http://localhost@evil.example', 'http://127.0.0.1:80@evil.example', 'http://evil.example#localhost'],
    ...[
      'https://user@x.example',
      'https://:pw@x.example',
      'file:///etc/passwd',
      'javascript:alert(1)',
      '//x',
      '',
    ],
  ])('no trick makes %j one', (url) => {
    expect(parseSecureUrl(url)).toBeNull();
    expect(parseSecureOrigin(url)).toBeNull();
  });

  it('an origin is scheme, host and port, whatever their case and slash', () => {
    expect(parseSecureOrigin('HTTPS://X.Example.com:8443/')).toBe('https://x.example.com:8443');
    expect(parseSecureOrigin('https://x.example.com:443')).toBe('https://x.example.com');
    for (const more of ['/v1', '/?a', '/#a', '//'])
      expect(parseSecureOrigin(`https://x.example${more}`)).toBeNull();
  });
});

describe('units', () => {
  it('a whole number of any unit is read back exactly', () => {
    const unit = fc.constantFrom(
      ['', 1],
      ['b', 1],
      ['KiB', 1024],
      ['MiB', 1024 ** 2],
      ['MB', 1e6],
      ['gb', 1e9],
    );
    fc.assert(
      fc.property(fc.nat({ max: 5000 }), unit, fc.constantFrom('', ' ', '\t'), (n, [name, factor], gap) => {
        expect(parseBytes(`${n}${gap}${name}`)).toBe(n * Number(factor));
      }),
    );
  });

  it.each([
    '',
    ' ',
    '1e3',
    '0x10',
    '1,5 GiB',
    '1 TiB',
    'GiB',
    '--1',
    '1 2',
    'Infinity',
    '1.',
    '.5 GiB',
    '١ GiB',
  ])('%j is no size', (value) => expect(parseBytes(value)).toBeNull());

  it.each(['', '1', '-1h', '1 week', '1h30m', 'h', '0x1h', '1e3s', 'constructor', '1 constructor'])(
    '%j is no span of time',
    (value) => expect(parseDurationMs(value)).toBeNull(),
  );

  it.each([
    ['0', 0],
    ['0h', 0],
    ['1.5h', 5_400_000],
    ['250ms', 250],
    [' 2 D ', 172_800_000],
  ])('%j is %i ms', (value, ms) => expect(parseDurationMs(value)).toBe(ms));

  it('a list loses its blanks and empties, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z@.]{1,8}$/)),
        fc.constantFrom(',', ' , ', ',,', ', ,'),
        (items, comma) => {
          expect(parseList(items.join(comma))).toEqual(items);
        },
      ),
    );
    expect(parseList(', ,')).toEqual([]);
  });
});
