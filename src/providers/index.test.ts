import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { knex } from 'knex';
import { anEvent } from '../../test/support/contracts/calendar';
import { aMail } from '../../test/support/contracts/mailer';
import { loadConfig } from '../config';
import { createProviders } from '.';

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
    expect((await readdir(dataDir)).sort()).toEqual(['calendars', 'media', 'outbox']);
  });

  it('no voices are told apart when that is off', () => {
    const config = loadConfig({ ...env, DATA_DIR: dataDir, DIARIZATION_PROVIDER: 'off' });
    expect(createProviders(config, db).diarizer).toBeNull();
  });
});

it('SendGrid carries the mails when its key is set', () => {
  const keys = { SENDGRID_API_KEY: 'SG.x', SENDGRID_FROM_EMAIL: 'team@example.com' };
  const { mailer } = createProviders(loadConfig({ ...env, ...keys, DATA_DIR: dataDir }));
  expect(mailer.provider).toBe('sendgrid');
});
