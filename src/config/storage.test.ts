import { ConfigError, loadConfig } from '../config';

const DATABASE_URL = 'postgres://me@localhost/meetings';
const S3 = { S3_BUCKET: 'meetings' };
const SUPABASE = { SUPABASE_URL: 'https://x.example.com', SUPABASE_SERVICE_ROLE_KEY: 'k' };
const storage = (env: Record<string, string>) => loadConfig({ DATABASE_URL, ...env }).storage;

function problems(env: Record<string, string>): string[] {
  try {
    storage(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('the store of recordings', () => {
  it('is a directory when no keys are set', () => {
    expect(storage({})).toEqual({ provider: 'local', s3: null, supabase: null });
  });

  it('is S3 when a bucket is set, with the AWS credential chain', () => {
    expect(storage(S3)).toEqual({
      provider: 's3',
      s3: {
        bucket: 'meetings',
        region: 'us-east-1',
        credentials: null,
        endpoint: null,
        forcePathStyle: false,
      },
      supabase: null,
    });
  });

  it('is S3 elsewhere, with keys of its own', () => {
    const env = {
      ...S3,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'secret',
      S3_ENDPOINT: 'http://127.0.0.1:9000/',
      S3_FORCE_PATH_STYLE: 'true',
    };
    expect(storage(env).s3).toEqual({
      bucket: 'meetings',
      region: 'eu-central-1',
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
      endpoint: 'http://127.0.0.1:9000',
      forcePathStyle: true,
    });
  });

  it('is Supabase when its address and key are set', () => {
    expect(storage(SUPABASE)).toMatchObject({
      provider: 'supabase',
      s3: null,
      supabase: { url: 'https://x.example.com', serviceRoleKey: 'k', bucket: 'recordings' },
    });
    expect(storage({ ...SUPABASE, SUPABASE_BUCKET: 'other' }).supabase?.bucket).toBe('other');
  });

  it.each(['s3', 'supabase'] as const)('is %s when both have keys and that is said', (name) => {
    const chosen = storage({ ...S3, ...SUPABASE, STORAGE_PROVIDER: name });
    expect(chosen.provider).toBe(name);
    expect(Object.entries(chosen).filter(([, settings]) => settings !== null)).toHaveLength(2);
  });

  it.each([
    [{ ...S3, ...SUPABASE }, 'say which with STORAGE_PROVIDER'],
    [{ STORAGE_PROVIDER: 's3' }, 'needs S3_BUCKET'],
    [{ STORAGE_PROVIDER: 'supabase' }, 'needs SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY'],
    [{ ...S3, AWS_ACCESS_KEY_ID: 'id' }, 'AWS_SECRET_ACCESS_KEY is missing'],
    [{ ...S3, AWS_SECRET_ACCESS_KEY: 'secret' }, 'AWS_ACCESS_KEY_ID is missing'],
    [{ ...S3, S3_ENDPOINT: 'http://s3.example.com' }, 'S3_ENDPOINT must be an https: origin'],
    [{ ...SUPABASE, SUPABASE_URL: 'http://x.example.com' }, 'SUPABASE_URL must be an https: origin'],
  ])('refuses %p', (env: Record<string, string>, problem) => {
    expect(problems(env).join('\n')).toContain(problem);
  });
});
