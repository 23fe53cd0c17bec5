/** `npm run demo`: uploads the sample recording over HTTP, shows progress, prints what came of it. */
import { openAsBlob } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { loadEnvFile } from '../config';
import { loadStackConfig } from '../embedded/stack-config';
import { projectRoot } from '../project-root';
import { report, type ShownMeeting } from './report';
import { withStack, type RunningStack } from './stack';

const PEOPLE = ['Anna', 'Ben', 'Carol'].map((name) => ({ name, email: `${name.toLowerCase()}@example.com` }));
const RESTING = ['ready', 'failed', 'cancelled'];
const DEADLINE_MS = 300_000;

interface Accepted {
  meetingId: string;
  links: { self: string; webUi: string | null };
}

const say = (line: string) => process.stdout.write(`${line}\n`);

async function upload(apiUrl: string): Promise<Accepted> {
  const form = new FormData();
  form.set('title', 'Weekly planning (sample)');
  form.set('recordedAt', '2025-10-14');
  form.set('participants', JSON.stringify(PEOPLE));
  const sample = await openAsBlob(path.join(projectRoot, 'samples/meeting-flite.mp3'), {
    type: 'audio/mpeg',
  });
  form.set('file', sample, 'meeting-flite.mp3');
  const answer = await fetch(`${apiUrl}/upload`, { method: 'POST', body: form });
  if (answer.status !== 201)
    throw new Error(`POST /upload answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Accepted;
}

async function follow(apiUrl: string, accepted: Accepted): Promise<ShownMeeting> {
  const begun = Date.now();
  let shown = '';
  while (Date.now() - begun < DEADLINE_MS) {
    const answer = await fetch(new URL(accepted.links.self, apiUrl));
    const meeting = (await answer.json()) as ShownMeeting;
    if (meeting.status !== shown)
      say(`${((Date.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${meeting.status}`);
    shown = meeting.status;
    if (RESTING.includes(shown)) return meeting;
    await pause(200);
  }
  throw new Error(`The meeting is still ${shown} after ${DEADLINE_MS / 1000} s.`);
}

async function demo(stack: RunningStack, dataDir: string): Promise<void> {
  say('Uploading samples/meeting-flite.mp3: 77 seconds, three people');
  const accepted = await upload(stack.apiUrl);
  const meeting = await follow(stack.apiUrl, accepted);
  say(`\n${report(meeting)}\n`);
  say(`The meeting as JSON:  ${new URL(accepted.links.self, stack.apiUrl).href}`);
  say(`The run in Temporal:  ${accepted.links.webUi ?? stack.webUiUrl}`);
  say(`Mails:                ${path.join(dataDir, 'outbox')}`);
  say(`Calendars:            ${path.join(dataDir, 'calendars')}`);
  if (meeting.status !== 'ready')
    throw new Error(meeting.failure?.message ?? `The meeting is ${meeting.status}.`);
}

const { dataDir } = loadStackConfig(loadEnvFile()).server;
withStack(dataDir, (stack) => demo(stack, dataDir)).catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
