import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { knex } from 'knex';
import { anEvent } from '../../test/support/contracts/calendar';
import { aMail } from '../../test/support/contracts/mailer';
import { loadConfig } from '../config';
import { createCalendarConsent, createProviders } from '.';

/** Nobody asks it: local calendars know users by their id. */
const db = knex({ client: 'pg' });
const env = { NODE_ENV: 'test', DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'providers-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

describe('without any key', () => {
  it('every port is local', () => {
    const { mediaStore, speech, diarizer, extractor, mailer, calendar } = createProviders(
      loadConfig({ ...env, DATA_DIR: dataDir }),
      db,
    );
    const names = [mediaStore, speech, diarizer, extractor, mailer, calendar].map((port) => port?.provider);
    expect(names).toEqual(Array(6).fill('local'));
  });

  it('everything is kept in DATA_DIR', async () => {
    const config = loadConfig({ ...env, DATA_DIR: dataDir, SENDGRID_FROM_EMAIL: 'team@example.com' });
    const { mediaStore, mailer, calendar } = createProviders(config, db);
    await mediaStore.put('a', Readable.from([Buffer.from('x')]), { contentType: 'audio/mpeg' });
    await mailer.send(aMail());
    await calendar.put('ben', anEvent());
    expect((await readdir(dataDir)).sort()).toEqual(['calendars', 'calendars.locks', 'media', 'outbox']);
  });

  it('no voices are told apart when that is off', () => {
    const config = loadConfig({ ...env, DATA_DIR: dataDir, DIARIZATION_PROVIDER: 'off' });
    expect(createProviders(config, db).diarizer).toBeNull();
  });
});

it('SendGrid carries the mails when its key is set', () => {
  const keys = { SENDGRID_API_KEY: 'SG.x', SENDGRID_FROM_EMAIL: 'team@example.com' };
  const { mailer } = createProviders(loadConfig({ ...env, ...keys, DATA_DIR: dataDir }), db);
  expect(mailer.provider).toBe('sendgrid');
});

describe('Google keeps the calendars', () => {
  const client = {
    GOOGLE_CLIENT_ID: 'i',
    GOOGLE_CLIENT_SECRET: 's',
    CALENDAR_TOKEN_KEY: 'A'.repeat(43) + '=',
  };
  const account = { GOOGLE_SERVICE_ACCOUNT_FILE: 'key.json' };

  it.each([
    ['a client that users connect to', client, true],
    ['a service account, which asks nobody', account, false],
    ['both', { ...client, ...account }, false],
  ])('with %s', (_, keys, asksUsers) => {
    const config = loadConfig({ ...env, ...keys });
    expect(createProviders(config, db).calendar.provider).toBe('google');
    expect(createCalendarConsent(config) !== null).toBe(asksUsers);
  });
});
