import { knex } from 'knex';
import { loadConfig } from '../../config';
import { createProviders } from '..';

const env = { NODE_ENV: 'test', DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', RAPIDAPI_KEY: 'k' };
const speechOf = (more: Record<string, string> = {}) =>
  createProviders(loadConfig({ ...env, ...more }), knex({ client: 'pg' })).speech;

it('is chosen by its key, cuts at five minutes and hears several pieces at once', () => {
  expect(speechOf()).toMatchObject({
    provider: 'rapidapi',
    limits: { maxPieceSeconds: 299, concurrency: 3, resumable: false },
  });
  expect(speechOf({ SPEECH_PROVIDER: 'local' }).provider).toBe('local');
  expect(speechOf({ RAPIDAPI_PROFILE: 'whisper-api' }).provider).toBe('rapidapi');
});

it('does not start with a profile that nobody knows, without a key, or over an open line', () => {
  expect(() => speechOf({ RAPIDAPI_PROFILE: 'other' })).toThrow(/RAPIDAPI_PROFILE must be one of/);
  expect(() => speechOf({ RAPIDAPI_PROFILE_FILE: 'no-such.json' })).toThrow(/RAPIDAPI_PROFILE_FILE/);
  expect(() => speechOf({ RAPIDAPI_BASE_URL: 'http://gateway.example.com' })).toThrow(/RAPIDAPI_BASE_URL/);
  expect(() => speechOf({ RAPIDAPI_KEY: '', SPEECH_PROVIDER: 'rapidapi' })).toThrow(/needs RAPIDAPI_KEY/);
});
