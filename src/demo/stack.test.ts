import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { portOf } from '../../api/server';
import { freePort } from '../embedded/ports';
import { findRunning, withStack, type RunningStack } from './stack';

let dataDir: string;
let servers: Server[];
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'demo-test-'));
  servers = [];
});
afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  rmSync(dataDir, { recursive: true });
});

/** Answers `/readyz` as the api does; returns its address. */
async function apiThatIs(status: number): Promise<string> {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/readyz' ? status : 404).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${portOf(server)}`;
}

const stackFile = (text: string) => writeFileSync(path.join(dataDir, 'stack.json'), text);
const describeStack = (apiUrl: string): RunningStack => ({ apiUrl, webUiUrl: 'http://127.0.0.1:8233' });

describe('a stack that runs', () => {
  it('is used and left running', async () => {
    const apiUrl = await apiThatIs(200);
    stackFile(JSON.stringify({ ...describeStack(apiUrl), pids: { api: process.pid } }));
    expect(await withStack(dataDir, async (stack) => stack)).toMatchObject(describeStack(apiUrl));
    expect((await fetch(`${apiUrl}/readyz`)).status).toBe(200);
  });

  it('is left running also when what uses it fails', async () => {
    const apiUrl = await apiThatIs(200);
    stackFile(JSON.stringify(describeStack(apiUrl)));
    const used = withStack(dataDir, () => Promise.reject(new Error('The upload was refused.')));
    await expect(used).rejects.toThrow('The upload was refused.');
    expect((await fetch(`${apiUrl}/readyz`)).status).toBe(200);
  });
});

describe('no stack runs', () => {
  it('when nothing says so', async () => {
    expect(await findRunning(dataDir)).toBeNull();
    expect(await findRunning(path.join(dataDir, 'never-made'))).toBeNull();
  });

  it('when what is said is left from one that was killed', async () => {
    stackFile(JSON.stringify(describeStack(`http://127.0.0.1:${await freePort(0)}`)));
    expect(await findRunning(dataDir)).toBeNull();
  });

  it.each([503, 404, 500])('when its api answers %i', async (status) => {
    stackFile(JSON.stringify(describeStack(await apiThatIs(status))));
    expect(await findRunning(dataDir)).toBeNull();
  });

  it.each(['', '{"apiUrl": "http://127', '{}', '{"apiUrl": "nowhere"}'])(
    'when the file is half written or another: %j',
    async (text) => {
      stackFile(text);
      expect(await findRunning(dataDir)).toBeNull();
    },
  );

  it('but a file that can not be read is said, not taken for none', async () => {
    mkdirSync(path.join(dataDir, 'stack.json'));
    await expect(findRunning(dataDir)).rejects.toThrow('EISDIR');
  });
});
