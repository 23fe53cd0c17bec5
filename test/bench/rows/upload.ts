/** A recording of 1 GB: how fast it goes to the disk, against node http, SHA-256 and fsync; how much the api grows. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { freePort } from '../../../src/embedded/ports';
import { interleaved, median, spread, timed, type Row } from '../figures';
import type { Stand } from '../stand';

const MB = 1024 ** 2;
const SIZE_MB = 1024;
const ROUNDS = 3;
/** As long as those of curl and browsers: the parser skips by its length. */
const BOUNDARY = '------------------------d74496d66958873e';
const CHUNK = Buffer.alloc(MB, 0x55);

interface Envelope {
  path: string;
  headers: Record<string, string>;
  head: string;
  tail: string;
}

const MULTIPART: Envelope = {
  path: '/upload',
  headers: { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` },
  head: `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="big.mp3"\r\n\r\nID3\x04`,
  tail: `\r\n--${BOUNDARY}--\r\n`,
};
const BARE: Envelope = { path: '/', headers: {}, head: '', tail: '' };

async function send(url: string, megabytes: number, envelope: Envelope): Promise<void> {
  const { path, headers, head, tail } = envelope;
  const length = head.length + megabytes * MB + tail.length;
  const req = request(url + path, { method: 'POST', headers: { ...headers, 'Content-Length': length } });
  const answered = once(req, 'response') as Promise<[IncomingMessage]>;
  req.write(head);
  for (let sent = 0; sent < megabytes; sent++) {
    if (!req.write(CHUNK)) await Promise.race([once(req, 'drain'), answered]);
    if ((req as ClientRequest & { res?: IncomingMessage }).res) break; // an answer before the end is a refusal
    await setImmediate();
  }
  req.end(tail);
  const [response] = await answered;
  const answer = await text(response);
  if (response.statusCode !== 201) throw new Error(`answered with ${response.statusCode}: ${answer}`);
}

/** Resident set of a process, from the kernel's own account (Linux). */
function rssMb({ pid }: ChildProcess): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1]) / 1024;
}

async function growth(child: ChildProcess, work: () => Promise<unknown>): Promise<number> {
  const before = rssMb(child);
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, rssMb(child))), 20);
  await work();
  clearInterval(watch);
  return most - before;
}

export async function uploadRows(stand: Stand): Promise<Row[]> {
  const api = await stand.startApi();
  const port = await freePort(0);
  await stand.start('bare-upload', { PORT: String(port) });
  const bare = `http://127.0.0.1:${port}`;
  await send(api.url, 8, MULTIPART); // everything that is loaded with the first upload is loaded
  await send(bare, 8, BARE);
  const grown: number[] = [];
  const measured = await interleaved(
    ROUNDS,
    () => timed(async () => grown.push(await growth(api.child, () => send(api.url, SIZE_MB, MULTIPART)))),
    () => timed(() => send(bare, SIZE_MB, BARE)),
  );
  const perSecond = (ms: number[]) => ms.map((each) => (SIZE_MB / each) * 1000);
  return [
    {
      name: 'UPLOAD_1_GB',
      value: median(measured.baseline) / median(measured.ours),
      unit: '×',
      goal: { atLeast: 0.7 },
      detail: `${spread(perSecond(measured.ours), 'MB/s')}; bare ${spread(perSecond(measured.baseline), 'MB/s')}`,
      because: 'the end of a part has to be looked for in every byte of multipart/form-data',
    },
    {
      name: 'UPLOAD_1_GB_RSS',
      value: Math.max(...grown),
      unit: 'MB',
      goal: { atMost: 64 },
      detail: `growth of the api's memory, the most of ${ROUNDS}`,
    },
  ];
}
