/** Meetings of any length, made of the same sentences, how they are uploaded and waited for. */
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { BOUNDARY, multipart } from '../support/upload';
import type { Stand } from './stand';

const SENTENCES = [
  'I will send the quarterly report to the customer by Friday.',
  'We agreed that the launch moves to the second week of November.',
  'Who is going to talk to the finance department about the budget?',
  'The remote control needs a bigger button and a better battery.',
  'Let us look at the numbers of the last survey before we go on.',
  'That sounds good to me, and it should not take very long.',
];
const PEOPLE = ['Anna', 'Ben', 'Carol', 'Dan'];

/** A transcript as `.txt` of about `words` words. */
export function transcriptOf(words: number): string {
  const lines: string[] = [];
  for (let spoken = 0; spoken < words;) {
    const sentence = SENTENCES[lines.length % SENTENCES.length]!;
    lines.push(`${PEOPLE[lines.length % PEOPLE.length]}: ${sentence} (${lines.length})`);
    spoken += sentence.split(' ').length + 1;
  }
  return lines.join('\n');
}

const PARTICIPANTS = JSON.stringify(
  PEOPLE.map((name) => ({ name, email: `${name.toLowerCase()}@example.com` })),
);

/** Clients that upload at the same time. */
const CLIENTS = 20;

const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });

/**
 * Resolves with the meeting's id when the api has answered 201. With node http, as the bare servers: `fetch` and its
 * forms cost a meeting 2 ms of the cores that are measured.
 */
export async function upload(url: string, transcript: string, name = 'meeting.txt'): Promise<string> {
  const body = multipart([
    { name: 'recordedAt', content: '2025-10-14' },
    { name: 'participants', content: PARTICIPANTS },
    { name: 'file', fileName: name, content: transcript },
  ]);
  const headers = {
    'Content-Type': `multipart/form-data; boundary=${BOUNDARY}`,
    'Content-Length': body.length,
  };
  const req = request(`${url}/upload`, { method: 'POST', agent, headers });
  req.end(body);
  const [answer] = (await once(req, 'response')) as [IncomingMessage];
  const said = await text(answer);
  if (answer.statusCode !== 201) throw new Error(`upload: ${answer.statusCode} ${said}`);
  return (JSON.parse(said) as { meetingId: string }).meetingId;
}

/** Resolves when all of them are ready; looks every few milliseconds, in the database. */
export async function allReady({ db }: Stand, ids: readonly string[], deadlineMs = 300_000): Promise<void> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const counted = await db('meetings')
      .whereRaw('id = any(?)', [[...ids]])
      .groupBy('status')
      .select('status')
      .count();
    const rows = counted as { status: string; count: string }[];
    const failed = rows.find(({ status }) => status === 'failed' || status === 'cancelled');
    if (failed) throw new Error(`${failed.count} meetings ${failed.status}`);
    if (rows.length === 1 && rows[0]!.status === 'ready' && Number(rows[0]!.count) === ids.length) return;
    if (performance.now() > end) throw new Error('not all meetings became ready in time');
    await new Promise((resolve) => setTimeout(resolve, ids.length > 1 ? 100 : 3));
  }
}

/** Uploads `count` meetings from several clients; resolves when all have their 201. */
export async function uploadMany(url: string, transcript: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  let left = count;
  const client = async () => {
    while (left-- > 0) ids.push(await upload(url, transcript));
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return ids;
}

/** Until no task is told to anybody any more. */
export async function settled({ db }: Stand): Promise<void> {
  for (;;) {
    const [{ count }] = (await db('tasks').whereRaw('version > synced_version').count()) as [
      { count: string },
    ];
    if (count === '0') return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
