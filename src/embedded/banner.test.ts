import { loadConfig } from '../config';
import { banner } from './banner';

const plan = {
  dataDir: '/data',
  logDir: '/data/logs',
  apiPort: 3001,
  apiUrl: 'http://127.0.0.1:3001',
  postgres: {
    port: 5433,
    directory: '/data/postgres',
    url: 'postgres://postgres:secret@127.0.0.1:5433/postgres',
  },
  temporal: { port: 7233, uiPort: 8233, databaseFile: '/data/temporal.db', address: '127.0.0.1:7233' },
  webUiUrl: 'http://127.0.0.1:8233',
};

describe('what a start prints', () => {
  const text = banner(plan, loadConfig({ DATABASE_URL: plan.postgres.url }), 2345);

  it('says where things are, and which port was taken', () => {
    expect(text).toContain('Ready after 2.3 s.');
    expect(text).toContain('http://127.0.0.1:3001  (port 3000 is taken)');
    expect(text).toContain('http://127.0.0.1:8233');
  });

  it('a port that was left to chance was not taken', () => {
    const any = loadConfig({ DATABASE_URL: plan.postgres.url, PORT: '0' });
    expect(banner(plan, any, 1)).not.toContain('taken');
  });

  it('names what is local, and no secret', () => {
    for (const port of ['storage', 'speech', 'extraction', 'mail', 'calendar'])
      expect(text).toContain(`  ${port}`);
    expect(text).not.toContain('secret');
  });
});
