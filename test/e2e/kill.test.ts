import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  createWriteStream,
  existsSync,
  mkdtempSync,
  openAsBlob,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import knex, { type Knex } from 'knex';
import { projectRoot } from '../../src/project-root';
import { eventually } from '../support/poll';

interface Stack {
  apiUrl: string;
  databaseUrl: string;
  pids: Record<'api' | 'worker' | 'temporal' | 'postgres', number>;
}

/** The whole product as a user starts it, in a data directory of its own. */
const dataDir = mkdtempSync(path.join(tmpdir(), 'kill-test-'));
const recording = path.join(projectRoot, 'samples/meeting-flite.mp3');
let parent: ChildProcess;
let db: Knex;

const readStack = () => JSON.parse(readFileSync(path.join(dataDir, 'stack.json'), 'utf8')) as Stack;

async function start(): Promise<Stack> {
  parent = spawn(process.execPath, [path.join(projectRoot, 'dist/src/embedded/main.js')], {
    env: { ...process.env, DATA_DIR: dataDir, PORT: '34000', LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = createWriteStream(path.join(dataDir, 'output.log'), { flags: 'a' });
  parent.stdout!.pipe(output);
  parent.stderr!.pipe(output);
  return serving();
}

/** Waits until whoever stack.json names answers. */
const serving = () =>
  eventually(
    async () => {
      if (parent.exitCode !== null) throw new Error(readFileSync(path.join(dataDir, 'output.log'), 'utf8'));
      const stack = readStack();
      expect((await fetch(`${stack.apiUrl}/readyz`)).status).toBe(200);
      expect(isAlive(stack.pids.worker)).toBe(true);
      return stack;
    },
    { deadlineMs: 180_000, intervalMs: 100 },
  );

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function upload(apiUrl: string): Promise<string> {
  const form = new FormData();
  form.set('recordedAt', '2025-10-14');
  form.set(
    'participants',
    JSON.stringify(['Anna', 'Ben', 'Carol'].map((name) => ({ name, email: `${name}@example.com` }))),
  );
  form.set('file', await openAsBlob(recording), 'meeting.mp3');
  const answer = await fetch(`${apiUrl}/upload`, { method: 'POST', body: form });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { meetingId: string }).meetingId;
}

const heardSegments = async () => Number((await db('heard_segments').count())[0]!.count);

afterAll(async () => {
  await db?.destroy();
  if (parent && parent.exitCode === null && parent.signalCode === null) {
    parent.kill('SIGTERM');
    await once(parent, 'exit');
  }
  rmSync(dataDir, { recursive: true, force: true });
});

it('loses nothing and sends nothing twice when worker, api and then everything are killed while it listens', async () => {
  const first = await start();
  db = knex({ client: 'pg', connection: first.databaseUrl, pool: { min: 0, max: 2 } });
  const meetingId = await upload(first.apiUrl);
  await eventually(async () => (await heardSegments()) >= 3, { deadlineMs: 90_000 });
  const [earliest] = await db('heard_segments').orderBy('start_ms');

  process.kill(first.pids.worker, 'SIGKILL');
  await eventually(() => readStack().pids.worker !== first.pids.worker, { deadlineMs: 30_000 });
  process.kill(first.pids.api, 'SIGKILL');
  await eventually(() => readStack().pids.api !== first.pids.api, { deadlineMs: 30_000 });
  const second = await serving();
  await db.destroy();
  parent.kill('SIGKILL');
  for (const pid of Object.values(second.pids)) process.kill(pid, 'SIGKILL');

  const third = await start();
  db = knex({ client: 'pg', connection: third.databaseUrl, pool: { min: 0, max: 2 } });
  expect((await db('heard_segments').orderBy('start_ms'))[0]).toEqual(earliest);
  const meeting = await eventually(
    async () => {
      const answer = await fetch(`${third.apiUrl}/meeting/${meetingId}`);
      const body = (await answer.json()) as {
        status: string;
        actionItems: { id: string }[];
        transcript: string;
      };
      expect(body.status).toBe('ready');
      return body;
    },
    { deadlineMs: 150_000, intervalMs: 250 },
  );
  expect(meeting.transcript).toMatch(/goodbye/i);
  expect(meeting.actionItems.length).toBeGreaterThanOrEqual(4);
  await eventually(
    async () => {
      const waiting = await db('tasks').whereRaw('version > synced_version');
      expect(waiting).toEqual([]);
    },
    { deadlineMs: 30_000 },
  );
  const outbox = path.join(dataDir, 'outbox');
  const mails = existsSync(outbox)
    ? readdirSync(outbox).map((name) => readFileSync(path.join(outbox, name), 'utf8'))
    : [];
  const taskOfMail = mails.map((mail) => /^X-Task-Id: (.*)$/im.exec(mail)?.[1]?.trim());
  expect(taskOfMail.length).toBeGreaterThanOrEqual(4);
  expect(new Set(taskOfMail).size).toBe(taskOfMail.length);
}, 480_000);
