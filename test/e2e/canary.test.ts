/**
 * Unique words are planted wherever content and keys enter; then everything goes wrong that quotes what it was given. They
 * may stand in the tables that hold content, in mails and calendars, and nowhere else; after the erasure nowhere at all.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Delivery } from '../../src/models/delivery';
import { Meeting } from '../../src/models/meeting';
import type { Task } from '../../src/models/task';
import { createLogger } from '../../src/log';
import { ProviderError } from '../../src/provider-error';
import { LocalExtractor } from '../../src/providers/local/extractor';
import { projectRoot } from '../../src/project-root';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { everyFile, everyRow, everyRun, found } from '../support/everything';
import { eventually } from '../support/poll';
import { ScriptedSpeech } from '../support/scripted-speech';
import { upload } from '../support/upload';
import { startWhole, type Whole } from '../support/whole';

const PERSON = ['Quillon', 'Vexley', 'quillon@canary-house.example'];
/** Title, file, what was said, instructions, what a person typed. */
const SAID = ['Zanzibarite', 'wolframite', 'xylotomy', 'chrysoprase', 'tourmaline'];
const KEYS = ['key-of-speech-7f3a', 'SG.key-of-mail-91bc', 'key-of-model-d04e'];
const LINES = [
  'Quillon: The xylotomy bench is late again, everybody knows that.',
  'Anna: Quillon, can you repair the xylotomy bench by Friday?',
  'Quillon: Yes, I will repair the xylotomy bench by Friday.',
  'Anna: We have decided to buy a second xylotomy bench.',
  'Anna: Who pays for the xylotomy bench? Let us leave that open.',
];
/** Where content belongs. */
const CONTENT = [
  ...['meetings', 'meeting_participants', 'users', 'requests', 'transcripts', 'transcript_segments'],
  ...['heard_segments', 'extractions', 'decisions', 'questions', 'tasks', 'idempotency_keys'],
];
const PATIENT = { deadlineMs: 90_000 };

/** Refuses everything and says back all that it was told, as some gateways do. */
const echo: Server = createServer((request, response) => {
  void buffer(request).then((body) => {
    response.writeHead(400, { 'Content-Type': 'application/json' });
    const error = { code: 400, message: `${JSON.stringify(request.headers)} ${body.toString('latin1')}` };
    response.end(JSON.stringify({ error, errors: [error], message: error.message }));
  });
});

let whole: Whole;
let logs = '';
const problems: string[] = [];
const speech = new ScriptedSpeech(LINES);

beforeAll(async () => {
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(echo.address() as AddressInfo).port}`;
  const [speechKey, mailKey, modelKey] = KEYS;
  whole = await startWhole({
    diarizer: null,
    log: createLogger('canary', 'trace', { write: (line) => void (logs += line) }),
    env: {
      RAPIDAPI_KEY: speechKey,
      RAPIDAPI_BASE_URL: url,
      GEMINI_API_KEY: modelKey,
      GEMINI_BASE_URL: url,
      SENDGRID_API_KEY: mailKey,
      SENDGRID_FROM_EMAIL: 'meetings@canary.example',
      SENDGRID_BASE_URL: url,
    },
  });
}, 120_000);
afterAll(async () => {
  await whole.close();
  await new Promise((resolve) => echo.close(resolve));
}, 60_000);

async function send(method: string, route: string, body?: unknown, headers?: Record<string, string>) {
  const answer = await whole.api.send(method, route, {
    ...(body !== undefined && { body }),
    ...(headers && { headers }),
  });
  if (answer.status >= 400) problems.push(JSON.stringify(answer.body));
  return answer;
}

const loaded = (id: string) => Meeting.query(whole.driver.db).findById(id).throwIfNotFound().execute();
const fails = (id: string, step: string) =>
  eventually(async () => expect((await loaded(id)).failure).toMatchObject({ step }), PATIENT);

/** Postgres refuses, and quotes, whatever has a planted word in this column, until the returned function is called. */
async function refuse(table: string, column: string, word: string): Promise<() => Promise<void>> {
  const { db } = whole.driver;
  await db.raw(
    `alter table ${table} add constraint canary check (${column} not ilike '%${word}%') not valid`,
  );
  return async () => void (await db.raw(`alter table ${table} drop constraint canary`));
}

const logsOf = (activity: string) =>
  logs.split('\n').filter((line) => line.includes(`"activity":"${activity}"`));

async function uploaded(): Promise<string> {
  const bytes = readFileSync(path.join(projectRoot, 'samples/meeting-flite.mp3'));
  const [first, last, address] = PERSON;
  const participants = [
    { name: `${first} ${last}`, email: address },
    { name: 'Anna', email: 'anna@canary.example' },
  ];
  const fields = { title: 'Zanzibarite steering', participants: JSON.stringify(participants) };
  const { status, body } = await upload(whole.api, { name: 'wolframite.mp3', bytes }, fields);
  expect(status).toBe(201);
  return body.meetingId;
}

/** Wrong at each step first, then right. */
async function brought(id: string): Promise<Task[]> {
  const { providers } = whole.pipeline;
  await fails(id, 'transcribe');
  const away = new ProviderError('speech-unavailable', 'Away.', { retryable: true, retryAfterMs: 10 });
  speech.breaks = [{ afterSegments: 1, error: away }];
  providers.speech = speech;
  const allowSegments = await refuse('transcript_segments', 'text', 'xylotomy');
  await send('POST', `/transcribe/${id}`, {});
  await eventually(() => logsOf('assemble').length > 0, PATIENT);
  await allowSegments();
  await fails(id, 'extract');
  providers.extractor = new LocalExtractor();
  const allowTasks = await refuse('tasks', 'name', 'xylotomy');
  const before = logsOf('extract').length;
  await send('POST', `/extract/${id}`, { instructions: 'Only the chrysoprase decisions' });
  await eventually(() => logsOf('extract').length > before, PATIENT);
  await allowTasks();
  await whole.driver.becomes(await loaded(id), 'ready');
  return whole.driver.tasksOf(await loaded(id));
}

/** What a person gets wrong, and what our side does. A problem's pointer names a field as the caller wrote it: that is theirs. */
async function mistakes(id: string, task: Task): Promise<void> {
  const allow = await refuse('tasks', 'name', 'tourmaline');
  expect((await send('PUT', `/tasks/${task.id}`, { name: 'Polish the tourmaline' })).status).toBe(500);
  await allow();
  expect((await send('PUT', `/tasks/${task.id}`, { unknown: 'tourmaline' })).status).toBe(400);
  expect((await send('PUT', `/tasks/${task.id}`, { owner: 'tourmaline' })).status).toBe(400);
  expect((await send('PATCH', `/meeting/${id}`, { speakers: { 'Speaker 99': 'tourmaline' } })).status).toBe(
    400,
  );
  expect((await send('PATCH', `/meeting/${id}`, '{"title": "tourmaline')).status).toBe(400);
  expect((await send('GET', '/search?q=xylotomy&cursor=tourmaline')).status).toBe(400);
  expect((await send('GET', '/search?q=xylotomy')).status).toBe(200);
  expect(
    (await send('PUT', `/tasks/${task.id}`, { name: 'Polish the tourmaline', needsReview: false })).status,
  ).toBe(200);
}

it('content and keys stand where they belong and nowhere else; after the erasure, nowhere', async () => {
  const id = await uploaded();
  const [task] = await brought(id);
  const { db, client } = whole.driver;
  await mistakes(id, task!);
  await send('POST', `/notify/${task!.id}`, {});
  await eventually(async () => {
    const failed = await Delivery.query(db).where({ taskId: task!.id, channel: 'email', state: 'failed' });
    expect(failed.length).toBeGreaterThan(0);
  }, PATIENT);

  const words = [...PERSON, ...SAID, ...KEYS];
  const rows = await everyRow(db);
  const elsewhere = Object.fromEntries(Object.entries(rows).filter(([table]) => !CONTENT.includes(table)));
  const metrics = (await send('GET', '/metrics')).body as string;
  expect(
    found(words, { ...elsewhere, ...(await everyRun(client)), logs, metrics, problems: problems.join('\n') }),
  ).toEqual([]);
  // The planted words were there to be found.
  const content = Object.values(rows).join('\n');
  expect(found([...PERSON, ...SAID.filter((word) => word !== 'wolframite')], { content })).toHaveLength(7);
  expect(found(['Zanzibarite', 'xylotomy', 'tourmaline'], everyFile(whole.pipeline.dataDir))).not.toEqual([]);
  expect(Object.keys(await everyRun(client)).some((run) => run.startsWith(`meeting-${id}`))).toBe(true);

  const { body } = await send('DELETE', `/meeting/${id}`);
  await eventually(
    async () => expect((await send('GET', `/erasures/${body.erasureId}`)).body.state).toBe('done'),
    PATIENT,
  );
  const { users, ...others } = await everyRow(db);
  expect(found(words, others)).toEqual([]);
  expect(found(SAID, { users: users! })).toEqual([]);
  expect(found(words, { ...everyFile(whole.pipeline.dataDir), ...(await everyRun(client)), logs })).toEqual(
    [],
  );
}, 400_000);
