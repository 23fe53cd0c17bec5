import { mkdtempSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { freePort } from './ports';
import { findPostgres, startPostgres, stopPostgres, type RunningPostgres } from './postgres';
import { isAlive } from './processes';

describe('the embedded PostgreSQL', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'meeting-postgres-'));
  const start = async () => startPostgres({ directory, port: await freePort(0), durable: false });
  let server: RunningPostgres;

  const query = async (sql: string, url = server.url) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(sql)).rows as Record<string, unknown>[];
    } finally {
      await client.end();
    }
  };

  // Closed to others, like the home of root: the server's account must be able to work there all the same.
  beforeAll(async () => {
    chmodSync(directory, 0o700);
    server = await start();
  });

  afterAll(async () => {
    await stopPostgres(server.identity);
    rmSync(directory, { recursive: true, force: true });
  });

  it('is version 18, in Unicode, and finds words with umlauts', async () => {
    const [row] = await query(
      `select current_setting('server_version_num')::int / 10000 as version,
              to_tsvector('simple', 'Grüße aus Zürich')::text as words, lower('ÄÉ') as lower`,
    );
    expect(row).toEqual({ version: 18, words: "'aus':2 'grüße':1 'zürich':3", lower: 'äé' });
  });

  it('asks for its password', async () => {
    const stranger = server.url.replace(/:[^:@]+@/, ':guess@');
    await expect(query('select 1', stranger)).rejects.toThrow('password authentication failed');
  });

  it('starts on what a killed one left, with the data', async () => {
    await query('create table kept as select 42 as answer');
    await query('checkpoint');
    process.kill(server.identity.pid, 'SIGKILL');
    server = await start();
    expect(await query('select answer from kept')).toEqual([{ answer: 42 }]);
  });

  it('is found by its directory and stops when told', async () => {
    expect(findPostgres(directory)).toEqual(server.identity);
    await stopPostgres(server.identity);
    expect(isAlive(server.identity)).toBe(false);
    expect(findPostgres(directory)).toBeNull();
    server = await start();
  });
});
