import path from 'node:path';
import knex, { type Knex } from 'knex';
import { projectRoot } from '../../src/project-root';
import { people, resting, upload } from '../support/client';
import { finishedFiles } from '../support/finished-files';
import { build, Installation } from '../support/npm-start';
import { eventually } from '../support/poll';

const recording = path.join(projectRoot, 'samples/meeting-flite.mp3');
const installation = new Installation();
let db: Knex;

beforeAll(build, 60_000);
afterAll(async () => {
  await db?.destroy();
  await installation.remove();
}, 60_000);

async function start(): Promise<string> {
  await installation.start();
  const { apiUrl, databaseUrl } = installation.stack();
  db = knex({ client: 'pg', connection: databaseUrl, pool: { min: 0, max: 2 } });
  return apiUrl;
}

async function killAndSeeItReplaced(name: 'worker' | 'api'): Promise<void> {
  const pid = installation.stack().pids[name]!;
  process.kill(pid, 'SIGKILL');
  await eventually(() => ![pid, null].includes(installation.stack().pids[name]), { deadlineMs: 30_000 });
}

const heard = () => db('heard_segments').orderBy('start_ms');

function taskOfEachMail(): (string | undefined)[] {
  const mails = Object.values(finishedFiles(path.join(installation.dataDir, 'outbox')));
  return mails.map((mail) => /^X-Task-Id: (\S+)/m.exec(mail)?.[1]);
}

it('loses nothing and sends nothing twice when worker, api and then everything are killed while it listens', async () => {
  const meetingId = await upload(await start(), recording, {
    recordedAt: '2025-10-14',
    participants: people('Anna', 'Ben', 'Carol'),
  });
  await eventually(async () => (await heard()).length >= 3, { deadlineMs: 90_000 });
  const before = await heard();

  await killAndSeeItReplaced('worker');
  await killAndSeeItReplaced('api');
  await db.destroy();
  await installation.kill('everything');

  const apiUrl = await start();
  const meeting = await resting(apiUrl, meetingId, 150_000);
  expect(meeting.status).toBe('ready');
  // What had been heard before the kill is still the beginning of the transcript: it was not heard again.
  expect(meeting.transcript).toContain(before[0].text.trim());
  expect(meeting.transcript).toMatch(/goodbye/i);
  expect(meeting.actionItems.length).toBeGreaterThanOrEqual(4);
  await eventually(async () => expect(await db('tasks').whereRaw('version > synced_version')).toEqual([]), {
    deadlineMs: 30_000,
  });
  const mailed = taskOfEachMail();
  expect(mailed.length).toBeGreaterThanOrEqual(4);
  expect(new Set(mailed).size).toBe(mailed.length);
}, 480_000);
