/** Speech, extractor, mail and calendar all leave their calls in the ledger; the first two stop at the cap. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Delivery } from '../src/models/delivery';
import { Meeting } from '../src/models/meeting';
import { ProviderCall } from '../src/models/provider-call';
import { Task } from '../src/models/task';
import type { ExtractionOutput, Extractor } from '../src/ports';
import { projectRoot } from '../src/project-root';
import { ActivityBench, type RunOptions } from '../test/support/activity-bench';
import { insertMeeting, insertUser, withMedia, withTranscript } from '../test/support/meetings';
import { ScriptedSpeech } from '../test/support/scripted-speech';

const SECRET = 'the launch code is heliotrope';
const SAMPLE = path.join(projectRoot, 'samples/meeting-flite.mp3');

const FOUND: ExtractionOutput = {
  tasks: [],
  decisions: [],
  questions: [],
  tokens: { input: 3000, output: 400 },
  rejected: 0,
  coverage: 1,
  provider: 'gemini',
  model: 'gemini-3.6-flash',
  quality: 'standard',
  promptVersion: '1',
};

let bench: ActivityBench;
let meeting: Meeting;
let asked: number;
const extractor: Extractor = {
  provider: 'gemini',
  model: 'gemini-3.5-flash-lite',
  extract: async () => {
    asked++;
    return FOUND;
  },
};

beforeAll(async () => {
  bench = await ActivityBench.open();
});
afterAll(() => bench.close());
beforeEach(async () => {
  asked = 0;
  meeting = await insertMeeting(bench.db, { participants: ['Anna', 'Ben'] });
});

const calls = () => ProviderCall.query(bench.db).where({ meetingId: meeting.id }).orderBy('id');
const under = (maxCostPerMeeting: number | null, change = {}): RunOptions => ({
  deps: { maxCostPerMeeting, providers: { ...bench.deps.providers, extractor, ...change } },
});
const LIMITED = {
  type: 'cost-limit-reached',
  nonRetryable: true,
  message: expect.stringContaining('MAX_COST'),
};

describe('reading the transcript', () => {
  let requestId: string;
  beforeEach(async () => {
    requestId = await withTranscript(bench.db, meeting, [`Anna: ${SECRET}.`]);
  });
  const extract = (maxCostPerMeeting: number | null) =>
    bench.run('extract', { meetingId: meeting.id, requestId, kind: 'extract' }, under(maxCostPerMeeting));

  it('counts the tokens of the model that answered, and no word of the meeting', async () => {
    await extract(null);
    const [call] = await calls();
    expect(call).toMatchObject({
      requestId,
      step: 'extract',
      provider: 'gemini',
      model: 'gemini-3.6-flash',
      units: { inputTokens: 3000, outputTokens: 400 },
      cost: '0.007500',
      outcome: 'ok',
    });
    expect(JSON.stringify(call)).not.toContain('heliotrope');
  });

  it('stops before the model is asked when that would cost too much; the transcript stays', async () => {
    await expect(extract(0.0001)).rejects.toMatchObject(LIMITED);
    expect(asked).toBe(0);
    expect(await calls()).toEqual([]);
    const kept = await Meeting.query(bench.db).findById(meeting.id).throwIfNotFound();
    expect(kept.transcript).toContain('heliotrope');
    await extract(0.1);
    expect(asked).toBe(1);
  });
});

describe('hearing the recording', () => {
  const speech = () =>
    Object.assign(new ScriptedSpeech(['Anna: One.', 'Ben: Two.']), { provider: 'rapidapi' });

  async function hear(engine: ScriptedSpeech, maxCostPerMeeting: number | null) {
    const requestId = await withMedia(
      bench.db,
      bench.deps.providers.mediaStore,
      meeting,
      readFileSync(SAMPLE),
    );
    const work = { meetingId: meeting.id, requestId, kind: 'transcribe' } as const;
    const options = under(maxCostPerMeeting, { speech: engine });
    await bench.run('probe', work, options);
    await bench.run('transcribe', work, options);
  }

  it('counts the seconds that were sent', async () => {
    await hear(speech(), 0.01);
    const [call] = await calls();
    expect(call).toMatchObject({ step: 'transcribe', provider: 'rapidapi', model: 'script', outcome: 'ok' });
    expect(call!.units.seconds).toBeCloseTo(77, -1);
    expect(Number(call!.cost)).toBeCloseTo((call!.units.seconds! * 0.36) / 3600, 5);
  });

  it('stops before anything is sent when that would cost too much', async () => {
    const engine = speech();
    await expect(hear(engine, 0.005)).rejects.toMatchObject(LIMITED);
    expect([engine.calls, await calls()]).toEqual([[], []]);
  });
});

it('a mail and each change of a calendar are calls of the meeting of their task', async () => {
  const ben = await insertUser(bench.db, 'Ben');
  const fields = {
    meetingId: meeting.id,
    ownerId: ben.id,
    origin: 'ai',
    deadlineDate: '2030-10-17',
  } as const;
  const task = await Task.query(bench.db).insertAndFetch({
    ...fields,
    name: SECRET,
    deadlineTimezone: 'UTC',
  });
  const order = {
    taskId: task.id,
    userId: ben.id,
    channel: 'email',
    kind: 'assigned',
    taskVersion: 1,
  } as const;
  const delivery = await Delivery.query(bench.db).insertAndFetch(order);
  await bench.run('sendMail', delivery.id);
  await bench.run('sendMail', delivery.id);
  await bench.run('syncCalendar', task.id);
  await task.$query(bench.db).patch({ status: 'done' });
  await bench.run('syncCalendar', task.id);
  const rows = await calls();
  expect(rows.map(({ step, provider, units, outcome }) => [step, provider, units, outcome])).toEqual([
    ['notify', 'local', { mails: 1 }, 'ok'],
    ['notify', 'local', { writes: 1 }, 'ok'],
    ['notify', 'local', { writes: 1 }, 'ok'],
  ]);
  expect(JSON.stringify(rows)).not.toMatch(/heliotrope|@example/);
});
