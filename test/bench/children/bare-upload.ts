/** The baseline of uploading: node http, SHA-256, a file, fsync. */
import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import path from 'node:path';

async function store(request: IncomingMessage): Promise<string> {
  const file = path.join(process.env.DATA_DIR ?? '', 'bare-upload');
  const handle = await open(file, 'w');
  const hash = createHash('sha256');
  for await (const chunk of request as AsyncIterable<Buffer>) {
    hash.update(chunk);
    await handle.write(chunk);
  }
  await handle.sync();
  await handle.close();
  await rm(file);
  return hash.digest('hex');
}

const server = createServer({ requestTimeout: 0 }, (request, response) => {
  store(request).then(
    (sha256) => response.writeHead(201).end(sha256),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.send?.('ready'));
process.once('SIGTERM', () => process.exit());
