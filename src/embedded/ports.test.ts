import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { freePort } from './ports';

describe('a free port', () => {
  it('is the next one when the wanted is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await freePort(port)).toBeGreaterThan(port);
    server.close();
    await once(server, 'close');
    expect(await freePort(port)).toBe(port);
  });

  it('is any when 0 is wanted', async () => {
    expect(await freePort(0)).toBeGreaterThan(1023);
  });
});
