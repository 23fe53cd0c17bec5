/** Steps that are done within a workflow task, when they can't be: Postgres refuses them for a while. */
import { readHistory } from '../test/support/history';
import { MeetingDriver } from '../test/support/meeting-driver';
import { startTestPipeline, type TestPipeline } from '../test/support/pipeline';
import { eventually } from '../test/support/poll';
import { refuseStatus } from '../test/support/refusal';
import { SAMPLE_LINES } from '../test/support/sample';
import { pipelineId } from './messages';

let pipeline: TestPipeline;
let driver: MeetingDriver;
beforeAll(async () => {
  pipeline = await startTestPipeline();
  driver = new MeetingDriver(pipeline);
}, 120_000);
afterAll(() => pipeline.close());

it('a step that fails there is tried as an activity until it succeeds, and history does not grow meanwhile', async () => {
  const allow = await refuseStatus(driver.db, 'ready');
  const meeting = await driver.uploadedTranscript(SAMPLE_LINES);
  const events = async () => (await readHistory(driver.client, pipelineId(meeting.id))).events;
  const isTried = (times: number) =>
    eventually(
      async () => {
        const pending = await driver.pendingActivity(meeting);
        expect(pending?.name).toBe('handOver');
        expect(pending?.attempt).toBeGreaterThanOrEqual(times);
      },
      { deadlineMs: 30_000 },
    );
  await isTried(3);
  const { searchAttributes } = await driver.client.workflow.getHandle(pipelineId(meeting.id)).describe();
  expect(searchAttributes.MeetingStage).toEqual(['notifying']);
  const meanwhile = await events();
  await isTried(5);
  expect(await events()).toBe(meanwhile);
  await allow();
  await driver.becomes(meeting, 'ready');
  expect(await driver.tasksOf(meeting)).not.toEqual([]);
}, 120_000);
