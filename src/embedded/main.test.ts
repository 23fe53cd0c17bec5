import { build, Installation } from '../../test/support/npm-start';
import { eventually } from '../../test/support/poll';
import { openDatabase } from '../db/connection';
import { isAlive } from './processes';
import type { ServiceName } from './stack-file';

/** The first one on a machine fetches tools, 120 s at most. */
const START_MS = 130_000;

describe('npm start', () => {
  let installation: Installation;

  beforeAll(async () => {
    await build();
    installation = new Installation();
    await installation.start();
  }, START_MS);
  afterAll(() => installation.remove(), 60_000);

  const names = () => installation.running().map(([name]) => name);
  const pidOf = (name: ServiceName) => installation.stack().pids[name] ?? 0;
  const isReady = async () => (await fetch(`${installation.stack().apiUrl}/readyz`)).ok;
  const ALL = ['api', 'worker', 'temporal', 'postgres'];

  it('brings an api that is ready, a Web UI, and says where they are', async () => {
    expect(names()).toEqual(ALL);
    expect(await isReady()).toBe(true);
    const { apiUrl, webUiUrl } = installation.stack();
    expect(installation.output()).toContain(apiUrl);
    expect(installation.output()).toContain(webUiUrl);
    expect((await fetch(webUiUrl ?? '')).status).toBe(200);
  });

  it('refuses a second start on the same data', async () => {
    const other = await installation.launch();
    await expect(other.ended).resolves.toBe('code 1');
    expect(installation.output()).toContain(`Already running on ${installation.dataDir}`);
    expect(names()).toEqual(ALL);
  });

  it('starts each part again that is killed', async () => {
    for (const name of ['worker', 'api', 'temporal', 'postgres'] as const) {
      const killed = pidOf(name);
      process.kill(killed, 'SIGKILL');
      await eventually(() => pidOf(name) !== killed && names().length === 4);
    }
    await eventually(isReady, { deadlineMs: 20_000 });
  }, 60_000);

  async function name(change?: string): Promise<unknown> {
    const url = installation.stack().databaseUrl;
    const knex = openDatabase({ url, migrationUrl: url, caFile: null, poolMax: 1 });
    try {
      if (change) await knex('users').update({ name: change });
      return (await knex('users').first('name')) as unknown;
    } finally {
      await knex.destroy();
    }
  }

  it(
    'goes on with the data when everything was killed',
    async () => {
      // PostgreSQL was killed just before: it may still be recovering.
      await eventually(() => name('Ada'), { deadlineMs: 20_000 });
      await installation.kill('everything');
      await installation.start();
      expect(await name()).toEqual({ name: 'Ada' });
      expect(installation.running()).toHaveLength(4);
    },
    START_MS,
  );

  it(
    'ends what is left when only the parent was killed, and stops cleanly when told',
    async () => {
      const left = installation.running();
      await installation.kill('parent');
      expect(left.every(([, identity]) => isAlive(identity))).toBe(true);
      const next = await installation.start();
      expect(installation.output()).toContain('ended what it had left: api, worker, temporal, postgres');
      expect(left.some(([, identity]) => isAlive(identity))).toBe(false);
      const running = installation.running();
      process.kill(next.identity.pid, 'SIGTERM');
      await expect(next.ended).resolves.toBe('code 0');
      expect(running.some(([, identity]) => isAlive(identity))).toBe(false);
    },
    START_MS,
  );
});
