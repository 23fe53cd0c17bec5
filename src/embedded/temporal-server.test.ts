import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { temporalCli } from '../../test/support/temporal-cli';
import { freePort } from './ports';
import { terminate } from './processes';
import { startTemporal, type RunningTemporal } from './temporal-server';

describe('the embedded Temporal server', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'meeting-temporal-'));
  let server: RunningTemporal;

  async function start() {
    server = await startTemporal({
      cliPath: await temporalCli(),
      port: await freePort(0),
      uiPort: null,
      databaseFile: path.join(directory, 'temporal.db'),
      logFile: path.join(directory, 'temporal.log'),
    });
  }

  async function withClient<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const connection = await Connection.connect({ address: server.address });
    try {
      return await work(new Client({ connection }));
    } finally {
      await connection.close();
    }
  }

  beforeAll(start);
  afterAll(async () => {
    await terminate(server.identity);
    rmSync(directory, { recursive: true, force: true });
  });

  it('keeps open workflows when it is killed and started again on its file', async () => {
    await withClient((client) =>
      client.workflow.start('anything', { workflowId: 'kept', taskQueue: 'nobody-listens' }),
    );
    process.kill(server.identity.pid, 'SIGKILL');
    await start();
    const { status } = await withClient((client) => client.workflow.getHandle('kept').describe());
    expect(status.name).toBe('RUNNING');
  });

  it('finds runs by our search attributes', async () => {
    const query = "MeetingStage = 'ready' and MeetingId = 'x' and MeetingOwner = 'y' and FailureCode = 'z'";
    await expect(withClient((client) => client.workflow.count(query))).resolves.toEqual({
      count: 0,
      groups: [],
    });
  });

  it('says why it did not start', async () => {
    const logFile = path.join(directory, 'broken.log');
    const options = { port: 1, uiPort: null, databaseFile: null, logFile };
    await expect(startTemporal({ ...options, cliPath: '/nowhere/temporal' })).rejects.toThrow('ENOENT');
  });
});
