/** The run as a front end sees it, on real workers, while providers fail in every way. */
import { Client, Connection } from '@temporalio/client';
import { type Meeting } from '../../src/models/meeting';
import { ProviderError } from '../../src/provider-error';
import { startTestApi, type TestApi } from '../../test/support/api';
import { MeetingDriver } from '../../test/support/meeting-driver';
import { startTestPipeline, type TestPipeline } from '../../test/support/pipeline';
import { eventually } from '../../test/support/poll';
import { addMeeting, addParticipant, addUser, NO_MEDIA } from '../../test/support/rows';
import { SAMPLE_LINES } from '../../test/support/sample';
import { ScriptedSpeech } from '../../test/support/scripted-speech';
import { pipelineId } from '../../workflows/messages';
import { runShape } from '../present/run';

const WEB_UI = 'http://127.0.0.1:8233';
const SLOW = { deadlineMs: 60_000 };

const speech = new ScriptedSpeech(SAMPLE_LINES);
let pipeline: TestPipeline;
let driver: MeetingDriver;
/** With the workers' database and Temporal. */
let api: TestApi;

beforeAll(async () => {
  pipeline = await startTestPipeline({ speech, diarizer: null });
  driver = new MeetingDriver(pipeline);
  api = await startTestApi({
    db: pipeline.database.knex,
    temporal: pipeline.temporal.client,
    env: { TEMPORAL_UI_URL: WEB_UI },
  });
}, 120_000);
afterAll(async () => {
  await api.close();
  await pipeline.close();
});
beforeEach(() => {
  speech.breaks = [];
  speech.hold = null;
});

interface Step {
  name: string;
  state: string;
  attempt: number;
  startedAt: string | null;
  finishedAt: string | null;
  durationMs: number | null;
  nextRetryAt: string | null;
  error: { code: string; message: string } | null;
}

async function runOf({ id }: Pick<Meeting, 'id'>, on = api) {
  const { status, body } = await on.send('GET', `/meeting/${id}/run`);
  expect(status).toBe(200);
  expect(runShape.validate(body, { presence: 'required' }).error).toBeUndefined();
  return body as { runId: string | null; status: string; webUiUrl: string; steps: Step[] };
}

const states = (steps: Step[]) => steps.map(({ state, attempt }) => [state, attempt]);

/** Until the run shows these steps. */
const shows = (meeting: Meeting, wanted: [string, number][]) =>
  eventually(async () => {
    const run = await runOf(meeting);
    expect(states(run.steps)).toEqual(wanted);
    return run;
  }, SLOW);

const workflowOf = (meeting: Meeting) => driver.client.workflow.getHandle(pipelineId(meeting.id));

const DONE: [string, number] = ['done', 1];
const PENDING: [string, number] = ['pending', 0];

const away = (retryAfterMs: number) =>
  new ProviderError('speech-unavailable', 'Not working (503).', { retryable: true, retryAfterMs });

test('a finished run: every step with its times; the link leads to the page that says what is the matter', async () => {
  const meeting = await driver.startedFromRecording();
  const { runId, status, webUiUrl, steps } = await shows(meeting, [DONE, DONE, DONE, DONE]);
  expect(status).toBe('running');
  expect(webUiUrl).toBe(
    `${WEB_UI}/namespaces/${pipeline.temporal.namespace}/workflows/meeting-${meeting.id}/${runId}/user-metadata`,
  );
  expect(runId).toBe((await workflowOf(meeting).describe()).runId);
  steps.forEach(({ startedAt, finishedAt, durationMs, nextRetryAt, error }, i) => {
    expect(durationMs).toBe(Date.parse(finishedAt!) - Date.parse(startedAt!));
    expect(durationMs).toBeGreaterThanOrEqual(0);
    expect([nextRetryAt, error]).toEqual([null, null]);
    if (i > 0) expect(startedAt).toBe(steps[i - 1]!.finishedAt);
  });
}, 90_000);

test('while it waits for another attempt: which, why, and when; then how many it took', async () => {
  speech.breaks = [
    { afterSegments: 0, error: away(1) },
    { afterSegments: 0, error: away(5_000) },
  ];
  const meeting = await driver.startedFromRecording();
  const { webUiUrl, steps } = await shows(meeting, [DONE, ['retrying', 3], PENDING, PENDING]);
  const { startedAt, nextRetryAt, finishedAt, error } = steps[1]!;
  expect(error).toEqual({ code: 'speech-unavailable', message: 'Not working (503).' });
  expect(Date.parse(nextRetryAt!)).toBeGreaterThan(Date.parse(startedAt!));
  expect(finishedAt).toBeNull();
  expect(webUiUrl).toMatch(/\/pending-activities$/);
  await shows(meeting, [DONE, ['done', 3], DONE, DONE]);
}, 120_000);

test('an attempt that is under way runs, and says why the one before ended', async () => {
  let letGo = () => {};
  speech.hold = new Promise((resolve) => (letGo = resolve));
  speech.breaks = [{ afterSegments: 0, error: away(1) }];
  const meeting = await driver.startedFromRecording();
  const { steps } = await shows(meeting, [DONE, ['running', 2], PENDING, PENDING]);
  expect(steps[1]).toMatchObject({ nextRetryAt: null, error: { code: 'speech-unavailable' } });
  letGo();
  await shows(meeting, [DONE, ['done', 2], DONE, DONE]);
}, 120_000);

test('what failed for good says why, also when the run is closed; what somebody stopped says that', async () => {
  const refused = new ProviderError('speech-key-refused', 'Unknown key.', { retryable: false });
  speech.breaks = [{ afterSegments: 0, error: refused }];
  const meeting = await driver.startedFromRecording();
  const failed = await shows(meeting, [DONE, ['failed', 1], PENDING, PENDING]);
  expect(failed.steps[1]!.error).toEqual({ code: 'speech-key-refused', message: 'Unknown key.' });
  await workflowOf(meeting).cancel();
  await eventually(async () => expect((await runOf(meeting)).status).toBe('cancelled'), SLOW);
  expect((await runOf(meeting)).steps).toEqual(failed.steps);
}, 120_000);

test('a run that was terminated in the middle has not a step that goes on for ever', async () => {
  let letGo = () => {};
  speech.hold = new Promise((resolve) => (letGo = resolve));
  const meeting = await driver.startedFromRecording();
  await shows(meeting, [DONE, ['running', 1], PENDING, PENDING]);
  await workflowOf(meeting).terminate();
  const { status, steps } = await shows(meeting, [DONE, ['failed', 1], PENDING, PENDING]);
  expect([status, steps[1]!.error!.code]).toEqual(['terminated', 'run-terminated']);
  letGo();
}, 120_000);

test('a ready transcript needs two steps; the others are done without having been', async () => {
  const meeting = await driver.startedFromTranscript(SAMPLE_LINES);
  const { steps } = await shows(meeting, [['done', 0], ['done', 0], DONE, DONE]);
  expect(steps[0]).toMatchObject({ startedAt: null, finishedAt: null, durationMs: null });
}, 90_000);

describe('when Temporal has nothing to say', () => {
  const nowhere = () =>
    startTestApi({
      db: pipeline.database.knex,
      temporal: new Client({ connection: Connection.lazy({ address: '127.0.0.1:1' }) }),
      env: { TEMPORAL_UI_URL: WEB_UI },
    });

  test('it is away: Postgres answers, in time', async () => {
    const meeting = await driver.startedFromTranscript(SAMPLE_LINES);
    await driver.becomes(meeting, 'ready');
    const other = await nowhere();
    const startedAt = performance.now();
    const { status, runId, webUiUrl, steps } = await runOf(meeting, other);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect([status, runId]).toEqual(['unknown', null]);
    expect(webUiUrl).toBe(`${WEB_UI}/namespaces/default/workflows/meeting-${meeting.id}`);
    expect(states(steps).slice(2)).toEqual([DONE, DONE]);
    await other.close();
  }, 90_000);

  test('no run yet; and one that it has forgotten', async () => {
    const [fresh, old] = await Promise.all([
      addMeeting(pipeline.database.knex, { status: 'queued', runStartedAt: null }),
      addMeeting(pipeline.database.knex, NO_MEDIA),
    ]);
    const [before, after] = [await runOf(fresh), await runOf(old)];
    expect([before.status, states(before.steps)]).toEqual([
      'not_started',
      [PENDING, PENDING, PENDING, PENDING],
    ]);
    expect([after.status, after.runId]).toEqual(['unknown', null]);
    expect(after.steps.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done']);
  });
});

test('those who read the meeting read it, by the link that the meeting carries; others find nothing', async () => {
  const own = await startTestApi();
  const [participant, stranger] = await Promise.all([addUser(own.knex), addUser(own.knex)]);
  const meeting = await addMeeting(own.knex);
  await addParticipant(own.knex, meeting, participant);
  const { body } = await own.send('GET', `/meeting/${meeting.id}`);
  const answers = await Promise.all(
    [participant, stranger].map(({ id: as }) => own.send('GET', body.links.run, { as })),
  );
  expect(answers.map(({ status, body: { code } }) => [status, code])).toEqual([
    [200, undefined],
    [404, 'not-found'],
  ]);
  await own.close();
});
