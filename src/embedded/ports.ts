import { createServer } from 'node:net';

const TRIES = 50;

function isFree(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : null));
    });
  });
}

/** The wanted port of 127.0.0.1, or the next one that is free; 0 = any. */
export async function freePort(wanted: number): Promise<number> {
  for (let port = wanted; port < wanted + TRIES; port += 1) {
    const free = await isFree(port);
    if (free !== null) return free;
  }
  throw new Error(`The ports ${wanted} to ${wanted + TRIES - 1} are all taken`);
}
