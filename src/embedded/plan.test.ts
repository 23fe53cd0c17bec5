import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Children } from '../../test/support/children';
import { loadConfig } from '../config';
import { environmentFor, planStack } from './plan';

describe('the plan of a stack', () => {
  let children: Children;
  beforeEach(() => {
    children = new Children();
  });
  afterEach(() => children.end());

  const DATABASE_URL = 'postgres://elsewhere/meetings';
  const config = (env: Record<string, string> = {}) =>
    loadConfig({ DATABASE_URL, DATA_DIR: children.directory, ...env });

  it('gives the api the next port when the wanted one is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const plan = await planStack(config({ PORT: String(port) }), null);
    expect(plan.apiPort).toBeGreaterThan(port);
    expect(plan.apiUrl).toBe(`http://127.0.0.1:${plan.apiPort}`);
    taken.close();
  });

  it('looks for no part of a stack where another looks when any port will do', async () => {
    const any = config({ PORT: '0' });
    const [first, second] = [await planStack(any, null), await planStack(any, null)];
    const portsOf = ({ apiPort, postgres, temporal }: typeof first) => [
      apiPort,
      postgres.port,
      temporal.port,
    ];
    expect(portsOf(first)).not.toEqual(portsOf(second));
    for (const port of portsOf(first)) expect(port).toBeGreaterThanOrEqual(10_000);
  });

  it('uses the database and the Temporal that the environment names', async () => {
    const plan = await planStack(config({ TEMPORAL_ADDRESS: 'there:7233' }), DATABASE_URL);
    expect(plan.postgres).toMatchObject({ port: null, url: DATABASE_URL });
    expect(plan.temporal).toMatchObject({ port: null, address: 'there:7233' });
    expect(plan.webUiUrl).toBeNull();
  });

  it('keeps the same password of its own database', async () => {
    const [first, second] = [await planStack(config(), null), await planStack(config(), null)];
    expect(new URL(first.postgres.url).password).toHaveLength(32);
    expect(first.postgres.url).toBe(second.postgres.url);
  });

  it('tells the children where the others are, and keeps keys of another Temporal from its own', async () => {
    const plan = await planStack(config(), null);
    const env = { TEMPORAL_API_KEY: 'k', GEMINI_MODEL: 'm', PORT: '1' };
    expect(environmentFor(plan, env, { ffmpegPath: '/ffmpeg' })).toEqual({
      GEMINI_MODEL: 'm',
      PORT: String(plan.apiPort),
      DATA_DIR: children.directory,
      DATABASE_URL: plan.postgres.url,
      TEMPORAL_ADDRESS: plan.temporal.address,
      TEMPORAL_UI_URL: plan.webUiUrl,
      FFMPEG_PATH: '/ffmpeg',
    });
  });
});
