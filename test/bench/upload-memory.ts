/**
 * How much a running api grows while it takes a large upload: `node dist/test/bench/upload-memory.js http://127.0.0.1:3000 <pid> [MB]`.
 * Prints `UPLOAD_RSS growth MB (goal)` and the throughput.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';

const MB = 1024 ** 2;
const GOAL_MB = 64;
/** As long as those of curl and browsers: the parser skips by its length. */
const BOUNDARY = '------------------------d74496d66958873e';

/** Resident set of a process, from the kernel's own account (Linux). */
function rssMb(pid: string): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1]) / 1024;
}

async function send(url: string, bytes: number): Promise<void> {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="big.mp3"\r\n\r\nID3\x04`;
  const tail = `\r\n--${BOUNDARY}--\r\n`;
  const req = request(`${url}/upload`, {
    method: 'POST',
    headers: {
      'Content-Type': `multipart/form-data; boundary=${BOUNDARY}`,
      'Content-Length': head.length + bytes + tail.length,
    },
  });
  const answered = once(req, 'response') as Promise<[IncomingMessage]>;
  req.write(head);
  const chunk = Buffer.alloc(MB, 0x55);
  for (let sent = 0; sent < bytes; sent += chunk.length) {
    if (!req.write(chunk)) await Promise.race([once(req, 'drain'), answered]);
    if ((req as ClientRequest & { res?: IncomingMessage }).res) break; // an answer before the end is a refusal
    await setImmediate();
  }
  req.end(tail);
  const [response] = await answered;
  const answer = await text(response);
  if (response.statusCode !== 201) throw new Error(`answered with ${response.statusCode}: ${answer}`);
}

async function main([url = '', pid = '', megabytes = '1024']: string[]): Promise<void> {
  await send(url, MB); // everything that is loaded with the first upload is loaded
  const before = rssMb(pid);
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, rssMb(pid))), 20);
  const startedAt = performance.now();
  await send(url, Number(megabytes) * MB);
  clearInterval(watch);
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(`UPLOAD_RSS ${(most - before).toFixed(1)} MB (goal ${GOAL_MB})`);
  console.log(`UPLOAD_THROUGHPUT ${(Number(megabytes) / seconds).toFixed(0)} MB/s`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
