/** What an operator types into the `temporal` program, against open, closed, unknown and deleted meetings. */
import { randomUUID } from 'node:crypto';
import { Extraction } from '../src/models/extraction';
import { Meeting } from '../src/models/meeting';
import { Request } from '../src/models/request';
import { failedTasks } from '../test/support/history';
import { MeetingDriver } from '../test/support/meeting-driver';
import { startTestPipeline, type TestPipeline } from '../test/support/pipeline';
import { eventually } from '../test/support/poll';
import { SAMPLE_LINES } from '../test/support/sample';
import { ScriptedSpeech } from '../test/support/scripted-speech';
import { typed } from '../test/support/temporal-cli';
import { pipelineId, PROGRESS, type Progress } from './messages';

const speech = new ScriptedSpeech(SAMPLE_LINES);
let pipeline: TestPipeline;
let driver: MeetingDriver;
const open = (reextractionWindowMs: number) => async () => {
  pipeline = await startTestPipeline({ reextractionWindowMs, speech, diarizer: null });
  driver = new MeetingDriver(pipeline);
};
const close = () => pipeline.close();

const type = (...args: string[]) => typed(pipeline.temporal, 'workflow', ...args);
const run = (meetingId: string) => driver.client.workflow.getHandle(pipelineId(meetingId));
const wish = (fields: object = {}) => ({ requestId: randomUUID(), ...fields });
const signal = (meetingId: string, name: string, ...input: string[]) =>
  type('signal', '--workflow-id', pipelineId(meetingId), '--name', name, ...input);
/** As OPERATIONS.md says it: no input, whether a run is open or not. */
const signalWithStart = (workflowId: string, name: string, argument: object) =>
  type(
    ...['signal-with-start', '--type', 'MeetingPipeline', '--task-queue', 'meetings'],
    ...['--workflow-id', workflowId, '--signal-name', name, '--signal-input', JSON.stringify(argument)],
  );
/** What the program refuses to send, another client may. */
const sendBytes = (meetingId: string, signalName: string, encoding: string, data: string) =>
  driver.client.workflowService.signalWorkflowExecution({
    namespace: pipeline.temporal.namespace,
    workflowExecution: { workflowId: pipelineId(meetingId) },
    signalName,
    input: { payloads: [{ metadata: { encoding: Buffer.from(encoding) }, data: Buffer.from(data) }] },
  });
const stateOf = async (meeting: Meeting, requestId: string) =>
  (await Request.query(driver.db).findById([meeting.id, requestId]))?.state;
const taskFailures = async (meetingId: string) =>
  failedTasks((await run(meetingId).fetchHistory()).events ?? []);

describe('an open run', () => {
  beforeAll(open(600_000), 120_000);
  afterAll(close);

  it('extracts again, hears again and stops as it is told', async () => {
    const meeting = await driver.startedFromRecording();
    await driver.becomes(meeting, 'ready');
    const [again, heard] = [wish({ instructions: 'typed' }), wish({ language: 'en' })];
    await signal(meeting.id, 'reextract', '--input', JSON.stringify(again));
    await driver.isDone(meeting, again.requestId);
    speech.calls.length = 0;
    await signal(meeting.id, 'retranscribe', '--input', JSON.stringify(heard));
    await driver.isDone(meeting, heard.requestId);
    expect(speech.calls).toEqual([0]);
    const cancel = wish();
    await signal(meeting.id, 'cancel', '--input', JSON.stringify(cancel));
    await driver.isDone(meeting, cancel.requestId);
    expect((await driver.load(meeting.id)).status).toBe('ready');
  }, 90_000);

  it('shrugs off whatever else is typed, says so, and goes on', async () => {
    const meeting = await driver.startedFromTranscript(SAMPLE_LINES);
    await driver.becomes(meeting, 'ready');
    const base64 = (text: string) => ['--input-base64', '--input', Buffer.from(text).toString('base64')];
    const nonsense = [
      [],
      ['--input', '7', '--input', '8'],
      [...base64('{"requestId":"x"}'), '--input-meta', 'encoding=binary/encrypted'],
      [...base64('\u0000\u0001'), '--input-meta', 'encoding=binary/plain'],
    ];
    for (const [n, input] of nonsense.entries()) {
      await signal(meeting.id, ['reextract', 'retranscribe', 'cancel'][n % 3]!, ...input);
    }
    await sendBytes(meeting.id, 'reextract', 'json/plain', '{"requestId":');
    await driver.signalByHand(meeting, 'reextract', { requestId: 'i', instructions: 'x'.repeat(1_500_000) });
    await eventually(async () => {
      const { notes, status } = await run(meeting.id).query<Progress>(PROGRESS);
      expect(notes).toHaveLength(5);
      for (const note of notes) expect(note).toMatch(/^ignored a `\w+` signal: it needs/);
      expect(status).toBe('ready');
    });
    expect(await taskFailures(meeting.id)).toEqual([]);
    await driver.isDone(meeting, await driver.ask(meeting, 'extract'));
  }, 60_000);

  it('that is cancelled stops what runs, closes what waits and ends cancelled', async () => {
    let letGo = () => {};
    speech.calls.length = 0;
    speech.hold = new Promise((resolve) => (letGo = resolve));
    const meeting = await driver.startedFromRecording();
    await eventually(() => speech.calls.length === 1, { deadlineMs: 30_000 });
    const waiting = await driver.ask(meeting, 'extract', 'later');
    await type('cancel', '--workflow-id', pipelineId(meeting.id));
    await driver.becomes(meeting, 'cancelled');
    await expect(run(meeting.id).result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect(await stateOf(meeting, waiting)).toBe('cancelled');
    speech.hold = null;
    letGo();
    await driver.ask(meeting, 'transcribe');
    await driver.becomes(meeting, 'ready');
  }, 90_000);
});

describe('a closed run', () => {
  beforeAll(open(0), 120_000);
  afterAll(close);
  const extractionsOf = ({ id }: Meeting) =>
    Extraction.query(driver.db).where({ meetingId: id, state: 'applied' }).resultSize();

  it('reads again, by the api and by hand, without listening again', async () => {
    const meeting = await driver.startedFromRecording();
    await driver.becomes(meeting, 'ready');
    await run(meeting.id).result();
    speech.calls.length = 0;
    await driver.isDone(meeting, await driver.ask(meeting, 'extract'));
    await run(meeting.id).result();
    const again = wish();
    await signalWithStart(pipelineId(meeting.id), 'reextract', again);
    await driver.isDone(meeting, again.requestId);
    expect(await extractionsOf(meeting)).toBe(3);
    expect(speech.calls).toEqual([]);
  }, 60_000);

  it('does one thing for one id, in whatever run it comes', async () => {
    const meeting = await driver.startedFromTranscript(SAMPLE_LINES);
    await driver.becomes(meeting, 'ready');
    const once = wish();
    for (let time = 0; time < 3; time++) {
      await signalWithStart(pipelineId(meeting.id), 'reextract', once);
      await run(meeting.id).result();
    }
    expect(await extractionsOf(meeting)).toBe(2);
  }, 60_000);

  it('takes what waits for it in the order it came, and what it cannot read for nothing', async () => {
    const meeting = await driver.stored(SAMPLE_LINES);
    const start = { workflowId: pipelineId(meeting.id), taskQueue: 'meetings', startDelay: '2 seconds' };
    await driver.client.workflow.start('MeetingPipeline', start);
    await signal(meeting.id, 'reextract', '--input', '{"requestId":"before","instructions":"x"}');
    await sendBytes(meeting.id, 'cancel', 'json/plain', '{"requestId":');
    await signal(meeting.id, 'cancel', '--input', '{"requestId":"stop"}');
    await signal(meeting.id, 'reextract', '--input', '{"requestId":"after","instructions":"y"}');
    await driver.isDone(meeting, 'after');
    expect([await stateOf(meeting, 'before'), await stateOf(meeting, 'stop')]).toEqual(['cancelled', 'done']);
    expect(await taskFailures(meeting.id)).toEqual([]);
  }, 60_000);

  it('starts a meeting that was never started', async () => {
    const meeting = await driver.stored(SAMPLE_LINES);
    const request = wish({ instructions: 'first of all' });
    await signalWithStart(pipelineId(meeting.id), 'reextract', request);
    await driver.isDone(meeting, request.requestId);
    expect((await driver.becomes(meeting, 'ready')).failure).toBeNull();
  }, 60_000);

  it.each([
    ['nobody has heard of', async () => randomUUID()],
    ['has no id of ours', async () => 'Monday'],
    ['is spelled in capitals', async () => (await driver.stored(SAMPLE_LINES)).id.toUpperCase()],
    ['was deleted', async () => deleted(await driver.stored(SAMPLE_LINES))],
  ])(
    'of a meeting that %s ends failed with a code that the list shows',
    async (_, idOf) => {
      const id = await idOf();
      await signalWithStart(pipelineId(id), 'reextract', wish());
      await expect(run(id).result()).rejects.toMatchObject({ cause: { type: 'meeting-gone' } });
      expect((await run(id).describe()).searchAttributes.FailureCode).toEqual(['meeting-gone']);
    },
    60_000,
  );

  async function deleted({ id }: Meeting): Promise<string> {
    await Meeting.query(driver.db).findById(id).patch({ deletedAt: new Date() });
    return id;
  }
});
