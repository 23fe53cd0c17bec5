/** The whole examination on real services, and the program as an operator runs it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTestDatabase, type TestDatabase } from '../../test/support/database';
import { build } from '../../test/support/npm-start';
import { testTemporal, type TestTemporal } from '../../test/support/temporal';
import { loadConfig } from '../config';
import { projectRoot } from '../project-root';
import { examine } from './examine';
import type { Finding } from './finding';

const NOWHERE = '127.0.0.1:1';
const PASSWORD = 'canary-password';

let database: TestDatabase;
let temporal: TestTemporal;
let dataDir: string;
beforeAll(async () => {
  [database, temporal] = await Promise.all([createTestDatabase(), testTemporal()]);
  dataDir = mkdtempSync(path.join(tmpdir(), 'doctor-'));
});
afterAll(async () => {
  await temporal.close();
  await database.destroy();
  rmSync(dataDir, { recursive: true, force: true });
});

const environment = (change: NodeJS.ProcessEnv = {}) => ({
  DATABASE_URL: database.url,
  TEMPORAL_ADDRESS: temporal.address,
  TEMPORAL_NAMESPACE: temporal.namespace,
  DATA_DIR: dataDir,
  ...change,
});
async function finding(part: string, change: NodeJS.ProcessEnv = {}): Promise<Finding> {
  const findings = await examine(loadConfig(environment(change)), { platform: true });
  return findings.find((each) => each.part === part)!;
}

test('everything of a laptop is well', async () => {
  const findings = await examine(loadConfig(environment()), { platform: true });
  expect(findings.map(({ part }) => part)).toEqual([
    'postgres',
    'temporal',
    'store',
    'speech',
    'ffmpeg',
    'extractor',
    'mail',
    'calendar',
  ]);
  const platform = findings.filter(({ part }) => !['speech', 'ffmpeg'].includes(part));
  expect(platform.filter(({ broken }) => broken)).toEqual([]);
});

describe('postgres', () => {
  test('nobody is there', async () => {
    const found = await finding('postgres', {
      DATABASE_URL: `postgres://me:${PASSWORD}@${NOWHERE}/meetings`,
    });
    expect(found).toMatchObject({ configured: `${NOWHERE}/meetings`, reachable: false, broken: true });
    expect(JSON.stringify(found)).not.toContain(PASSWORD);
  });

  test('there is no such database', async () => {
    const url = new URL(database.url);
    url.pathname = '/nothing';
    const found = await finding('postgres', { DATABASE_URL: url.href });
    expect(found).toMatchObject({ reachable: true, broken: true });
    expect(found.advice).toContain('create it');
  });

  test('migrations are missing, and none is made', async () => {
    const empty = await createTestDatabase();
    try {
      await empty.knex.raw('drop schema public cascade; create schema public');
      const found = await finding('postgres', { DATABASE_URL: empty.url });
      expect(found.advice).toMatch(/^\d+ migrations are missing: run `npm run migrate`$/);
      expect(await empty.knex.schema.hasTable('knex_migrations')).toBe(false);
      await empty.knex.raw('create table knex_migrations (name text)');
      expect((await finding('postgres', { DATABASE_URL: empty.url })).advice).toBe(found.advice);
    } finally {
      await empty.destroy();
    }
  });
});

describe('temporal', () => {
  test('nobody is there', async () => {
    expect(await finding('temporal', { TEMPORAL_ADDRESS: NOWHERE })).toMatchObject({
      reachable: false,
      broken: true,
    });
  });

  test('there is no such namespace', async () => {
    const found = await finding('temporal', { TEMPORAL_NAMESPACE: 'nothing' });
    expect([found.broken, found.advice]).toEqual([true, expect.stringContaining('TEMPORAL_NAMESPACE')]);
  });
});

test('a folder that is none is named', async () => {
  const file = path.join(dataDir, 'a-file');
  writeFileSync(file, '');
  const found = await finding('mail', { DATA_DIR: file });
  expect([found.broken, found.advice]).toEqual([true, expect.stringContaining('DATA_DIR')]);
});

test('programs that are named and not there', async () => {
  const ffmpeg = await finding('ffmpeg', { FFMPEG_PATH: '/nowhere/ffmpeg' });
  expect([ffmpeg.broken, ffmpeg.advice]).toEqual([true, expect.stringContaining('FFMPEG_PATH')]);
  const speech = await finding('speech', { WHISPER_MODEL: '/nowhere/model' });
  expect(speech.broken).toBe(true);
});

describe('the program', () => {
  beforeAll(build, 90_000);

  function run(env: NodeJS.ProcessEnv): Promise<{ code: number; output: string }> {
    const options = { env: { PATH: process.env.PATH, ...env }, cwd: projectRoot };
    const script = path.join(projectRoot, 'dist/src/doctor/main.js');
    return new Promise((resolve) => {
      execFile(process.execPath, [script], options, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
      );
    });
  }

  test('ends with 1 and says what to do when something configured does not work; no secret is printed', async () => {
    const { code, output } = await run(
      environment({
        DATABASE_URL: `postgres://me:${PASSWORD}@${NOWHERE}/meetings`,
        SENDGRID_API_KEY: 'SG.canary-key',
        SENDGRID_FROM_EMAIL: 'meetings@example.com',
        SENDGRID_BASE_URL: `http://${NOWHERE}`,
        GEMINI_API_KEY: 'canary-key',
        GEMINI_BASE_URL: `http://${NOWHERE}`,
        GEMINI_MODEL: 'gemini-3.6-flash',
      }),
    );
    expect(code).toBe(1);
    expect(output).toMatch(/^part +configured +reachable +authorised +what to do$/m);
    expect(output).toMatch(/^temporal .* yes +yes +nothing$/m);
    for (const row of ['postgres  ', 'mail  ', 'extractor  '])
      expect(output).toMatch(new RegExp(`^${row}.* NO .*(DATABASE_URL|_BASE_URL)`, 'm'));
    expect(output).not.toContain('canary');
  });

  test('a configuration that does not fit together is explained', async () => {
    const { code, output } = await run(environment({ MAIL_PROVIDER: 'sendgrid' }));
    expect([code, output]).toEqual([1, expect.stringContaining('SENDGRID_API_KEY')]);
  });

  test('without a database of its own it speaks of the stack', async () => {
    const { DATABASE_URL: _, TEMPORAL_ADDRESS: __, ...rest } = environment();
    expect((await run(rest)).output).toContain('it does not run');
    const stack = { databaseUrl: database.url, temporalAddress: temporal.address };
    writeFileSync(path.join(dataDir, 'stack.json'), JSON.stringify(stack));
    const { output } = await run(rest);
    expect(output).toMatch(/^postgres .* yes +yes +nothing$/m);
    expect(output).toMatch(/^temporal .* yes +yes +nothing$/m);
  });
});
