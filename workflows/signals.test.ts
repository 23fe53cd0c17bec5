import { randomUUID } from 'node:crypto';
import { Extraction } from '../src/models/extraction';
import { waitingForLocks } from '../test/support/locks';
import { MeetingDriver } from '../test/support/meeting-driver';
import { startTestPipeline, type TestPipeline } from '../test/support/pipeline';
import { eventually } from '../test/support/poll';
import { refuseStatus } from '../test/support/refusal';
import { SAMPLE_LINES } from '../test/support/sample';
import { pipelineId, PROGRESS, type Progress } from './messages';

/** Runs close as soon as their work is done: every later signal meets a closed one. */
describe("an operator's signals", () => {
  let pipeline: TestPipeline;
  let driver: MeetingDriver;

  beforeAll(async () => {
    pipeline = await startTestPipeline({ reextractionWindowMs: 0 });
    driver = new MeetingDriver(pipeline);
  }, 120_000);
  afterAll(() => pipeline.close());

  it('start a run without any input', async () => {
    const meeting = await driver.stored(SAMPLE_LINES);
    const requestId = randomUUID();
    await driver.signalByHand(meeting, 'reextract', { requestId, instructions: 'by hand' });
    await driver.isDone(meeting, requestId);
    const latest = await Extraction.query(driver.db)
      .where({ meetingId: meeting.id })
      .orderBy('version', 'desc')
      .first();
    expect(latest).toMatchObject({ requestId, instructions: 'by hand' });
    const described = await driver.client.workflow.getHandle(pipelineId(meeting.id)).describe();
    expect(described.searchAttributes.MeetingId).toEqual([meeting.id]);
  });

  it('reach a meeting whose run is closed', async () => {
    const meeting = await driver.startedFromTranscript(SAMPLE_LINES);
    await driver.becomes(meeting, 'ready');
    await driver.client.workflow.getHandle(pipelineId(meeting.id)).result();
    await driver.isDone(meeting, await driver.ask(meeting, 'extract'));
    expect(await Extraction.query(driver.db).where({ meetingId: meeting.id }).resultSize()).toBe(2);
  });

  it('close a run as failed when its meeting is', async () => {
    const meeting = await driver.startedFromRecording(Buffer.from('ID3 but not a sound in it'));
    const failed = await driver.becomes(meeting, 'failed');
    const result = driver.client.workflow.getHandle(pipelineId(meeting.id)).result();
    await expect(result).rejects.toMatchObject({ cause: { type: failed.failure?.code } });
  });
});

describe('signals to an open run', () => {
  let pipeline: TestPipeline;
  let driver: MeetingDriver;

  beforeAll(async () => {
    pipeline = await startTestPipeline();
    driver = new MeetingDriver(pipeline);
  }, 120_000);
  afterAll(() => pipeline.close());

  it('that cannot be read are ignored and said in the notes', async () => {
    const meeting = await driver.startedFromTranscript(SAMPLE_LINES);
    await driver.becomes(meeting, 'ready');
    for (const argument of [undefined, 'x', {}, { requestId: '' }, { requestId: 7 }]) {
      await driver.signalByHand(meeting, 'reextract', argument);
    }
    await eventually(async () => {
      const handle = driver.client.workflow.getHandle(pipelineId(meeting.id));
      const progress = await handle.query<Progress>(PROGRESS);
      expect(progress.notes).toHaveLength(5);
      expect(progress.status).toBe('ready');
    });
    await driver.isDone(meeting, await driver.ask(meeting, 'extract'));
  });

  it('that cancel, and become rows beside the last step, are closed after it', async () => {
    // Within a workflow task no signal comes in between: the last step has to be an activity.
    const allow = await refuseStatus(driver.db, 'ready');
    // Without tasks: their deliveries would wait for the meeting as well.
    const meeting = await driver.startedFromTranscript(['Anna: Nice weather today.', 'Ben: It is.']);
    await eventually(async () => (await driver.pendingActivity(meeting))?.name === 'handOver');
    // Whoever ends a request waits; whoever reads one doesn't.
    const holder = await driver.db.transaction();
    await holder.raw('lock table requests in share row exclusive mode');
    await allow();
    await eventually(async () => (await waitingForLocks(driver.db)) === 1);
    const requestId = randomUUID();
    await driver.signalByHand(meeting, 'cancel', { requestId });
    await eventually(async () => (await waitingForLocks(driver.db)) === 2);
    await holder.commit();
    await driver.isDone(meeting, requestId);
    await driver.becomes(meeting, 'ready');
  });
});
