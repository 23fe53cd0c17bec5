import { generateKeyPairSync } from 'node:crypto';
import path from 'node:path';
import { ConfigError, loadConfig } from '../config';
import { projectRoot } from '../project-root';

const DATABASE_URL = 'postgres://me@localhost/meetings';
const load = (env: Record<string, string> = {}) => loadConfig({ DATABASE_URL, ...env });

function problems(env: Record<string, string>): string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}
const problem = (env: Record<string, string>) => problems({ DATABASE_URL, ...env }).join('\n');

describe('the configuration', () => {
  it('needs a database and has defaults for the rest', () => {
    const config = load();
    expect(config.server).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      publicUrl: 'http://127.0.0.1:3000',
      dataDir: path.join(projectRoot, '.data'),
      maxUploadBytes: 2_147_483_648,
      reextractionWindowMs: 86_400_000,
      workerQueues: ['meetings', 'media', 'speech', 'llm', 'notify'],
    });
    expect(config.database).toMatchObject({ url: DATABASE_URL, migrationUrl: DATABASE_URL, poolMax: 10 });
    expect(config.speech).toMatchObject({ provider: 'local', diarizer: 'local' });
    expect(problems({})).toEqual(['DATABASE_URL is required']);
  });

  it('cannot be changed afterwards', () => {
    const config = load();
    expect(() => Object.assign(config.server, { port: 1 })).toThrow(TypeError);
    expect(() => config.server.workerQueues.push('llm')).toThrow(TypeError);
  });

  it('reports everything that is wrong at once', () => {
    const found = problems({
      PORT: 'many',
      LOG_LEVEL: 'loud',
      HOST: '0.0.0.0',
      MAX_UPLOAD_BYTES: '2 parsecs',
    });
    expect(found).toHaveLength(5);
    for (const name of ['DATABASE_URL', 'PORT', 'LOG_LEVEL', 'HOST', 'MAX_UPLOAD_BYTES']) {
      expect(found.join('\n')).toContain(name);
    }
  });

  it('takes empty variables for unset ones, as compose files hand them in', () => {
    expect(load({ AUTH_ISSUER: '', PORT: ' ', GEMINI_API_KEY: '' })).toEqual(load());
  });

  it.each([
    ['2147483648', 2_147_483_648],
    ['2 GiB', 2_147_483_648],
    ['500MB', 500_000_000],
    ['1.5 kib', 1536],
  ])('reads the size %s', (MAX_UPLOAD_BYTES, bytes) => {
    expect(load({ MAX_UPLOAD_BYTES }).server.maxUploadBytes).toBe(bytes);
  });

  it.each([
    ['24h', 86_400_000],
    ['30m', 1_800_000],
    ['90 s', 90_000],
    ['7d', 604_800_000],
    ['0', 0],
  ])('reads the time %s', (REEXTRACTION_WINDOW, ms) => {
    expect(load({ REEXTRACTION_WINDOW }).server.reextractionWindowMs).toBe(ms);
  });

  it.each(['soon', '24', '-1h', 'h'])('refuses the time %s', (REEXTRACTION_WINDOW) => {
    expect(problem({ REEXTRACTION_WINDOW })).toMatch(/REEXTRACTION_WINDOW must be a time such as 24h/);
  });

  it('reads lists, and counts relative paths from the project', () => {
    const config = load({
      WORKER_QUEUES: 'speech, llm',
      ADMIN_EMAILS: 'Ada@Example.com,',
      DATA_DIR: 'elsewhere',
      FFMPEG_PATH: 'ffmpeg',
    });
    expect(config.server.workerQueues).toEqual(['speech', 'llm']);
    expect(config.auth.adminEmails).toEqual(['ada@example.com']);
    expect(config.server.dataDir).toBe(path.join(projectRoot, 'elsewhere'));
    expect(config.speech.ffmpegPath).toBe('ffmpeg');
    expect(problem({ WORKER_QUEUES: 'speach' })).toContain('comma-separated list of meetings, media');
  });

  it('hands all Temporal variables on, and only those', () => {
    const { temporal } = load({ TEMPORAL_ADDRESS: 'there:7233', TEMPORAL_GRPC_META_X: 'y', HOME: '/root' });
    expect(temporal.env).toEqual({ TEMPORAL_ADDRESS: 'there:7233', TEMPORAL_GRPC_META_X: 'y' });
  });
});

describe('addresses', () => {
  it.each(['http://127.0.0.1:9', 'http://localhost', 'http://[::1]:9', 'https://gateway.example.com'])(
    'accepts %s as an origin',
    (GEMINI_BASE_URL) => {
      expect(problem({ GEMINI_BASE_URL })).toBe('');
    },
  );

  it.each([
    'http://gateway.example.com',
    'https://gateway.example.com/v1',
    'https://me:secret@gateway.example.com',
    'ftp://localhost',
    'http://localhost.example.com',
    'gateway',
  ])('refuses %s as an origin', (GEMINI_BASE_URL) => {
    expect(problem({ GEMINI_BASE_URL })).toMatch(/GEMINI_BASE_URL must be an https: origin/);
  });

  it('keeps the path of the token service', () => {
    expect(problem({ GOOGLE_TOKEN_URL: 'https://oauth2.example.com/token' })).toBe('');
  });
});

describe('sign-in', () => {
  const AUTH_ISSUER = 'https://issuer.example.com/';

  it.each(['0.0.0.0', '192.168.1.4', 'meetings.example.com'])('without it, %s is refused as host', (HOST) => {
    expect(problem({ HOST })).toContain('HOST must be a loopback address');
    expect(problem({ HOST, AUTH_ISSUER })).toBe('');
  });

  it.each(['127.0.0.1', '127.9.9.9', 'localhost', '::1'])('without it, %s is fine as host', (HOST) => {
    expect(problem({ HOST })).toBe('');
  });

  it('with it, the server listens everywhere unless told', () => {
    expect(load({ AUTH_ISSUER }).server.host).toBe('0.0.0.0');
  });

  it.each(['AUTH_AUDIENCE', 'AUTH_JWKS_URL'])('%s alone is refused: nothing would be checked', (name) => {
    expect(problem({ [name]: 'https://issuer.example.com/x' })).toContain(`without it ${name}`);
    expect(problem({ [name]: 'https://issuer.example.com/x', AUTH_ISSUER })).toBe('');
  });

  it('must be configured in production', () => {
    const production = { NODE_ENV: 'production', ALLOW_LOCAL_PROVIDERS: 'true' };
    expect(problem(production)).toContain('AUTH_ISSUER is missing');
    expect(problem({ ...production, AUTH_ISSUER })).toBe('');
  });
});

describe('providers', () => {
  it('are not local in production unless that is allowed', () => {
    const found = problem({ NODE_ENV: 'production', AUTH_ISSUER: 'https://issuer.example.com' });
    for (const port of ['STORAGE', 'SPEECH', 'EXTRACTION', 'MAIL', 'CALENDAR']) {
      expect(found).toContain(`${port}_PROVIDER is local`);
    }
    expect(found).not.toContain('DIARIZATION');
  });

  it('are those whose keys are set', () => {
    const GEMINI = { GEMINI_API_KEY: 'k', GEMINI_FALLBACK_MODEL: 'gemini-3.6-flash' };
    expect(load(GEMINI).extraction).toEqual({
      provider: 'gemini',
      gemini: {
        apiKey: 'k',
        model: 'gemini-3.5-flash-lite',
        fallbackModel: 'gemini-3.6-flash',
        baseUrl: null,
      },
    });
  });

  it('of mails need a sender', () => {
    const keys = { SENDGRID_API_KEY: 'k', SENDGRID_BASE_URL: 'http://127.0.0.1:9' };
    expect(problem(keys)).toContain('SENDGRID_FROM_EMAIL is missing');
    expect(problem({ MAIL_PROVIDER: 'sendgrid' })).toContain('which needs SENDGRID_API_KEY');
    const { mail } = load({ ...keys, SENDGRID_FROM_EMAIL: 'team@example.com' });
    expect(mail).toMatchObject({
      provider: 'sendgrid',
      fromEmail: 'team@example.com',
      sendgrid: { apiKey: 'k', baseUrl: 'http://127.0.0.1:9' },
    });
  });

  it('take the key of the webhook as SendGrid shows it, or as PEM', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString();
    const shown = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    for (const key of [shown, pem, pem.replaceAll('\n', '\\n')]) {
      expect(load({ SENDGRID_WEBHOOK_PUBLIC_KEY: key }).mail.webhookPublicKey).toBe(pem);
    }
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
    for (const key of ['nonsense', rsa.export({ format: 'pem', type: 'spki' }).toString()]) {
      expect(problem({ SENDGRID_WEBHOOK_PUBLIC_KEY: key })).toContain('must be the verification key');
    }
  });

  it('need their keys when they are named', () => {
    expect(problem({ EXTRACTION_PROVIDER: 'gemini' })).toBe(
      'EXTRACTION_PROVIDER is gemini, which needs GEMINI_API_KEY',
    );
  });

  it('may be local although keys of another are set', () => {
    expect(load({ GEMINI_API_KEY: 'k', EXTRACTION_PROVIDER: 'local' }).extraction.provider).toBe('local');
  });

  it('of storage are not guessed when two have keys', () => {
    const both = { S3_BUCKET: 'b', SUPABASE_URL: 'https://x.example.com', SUPABASE_SERVICE_ROLE_KEY: 'k' };
    expect(problem(both)).toBe('the keys of s3 and supabase are set: say which with STORAGE_PROVIDER');
  });

  it('have names', () => {
    expect(problem({ SPEECH_PROVIDER: 'whisper' })).toContain('SPEECH_PROVIDER must be one of');
  });
});
