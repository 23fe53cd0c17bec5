/** Steps that are done within a workflow task, when they can't be: Postgres refuses them for a while. */
import type { Meeting } from '../src/models/meeting';
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

const run = ({ id }: Meeting) => driver.client.workflow.getHandle(pipelineId(id));

it('a step that fails there is tried as an activity until it succeeds, and history does not grow meanwhile', async () => {
  const allow = await refuseStatus(driver.db, 'notifying');
  const meeting = await driver.uploadedTranscript(SAMPLE_LINES);
  const events = () =>
    run(meeting)
      .fetchHistory()
      .then((history) => history.events!.length);
  const pending = async () => (await run(meeting).describe()).raw.pendingActivities?.[0];
  await eventually(async () => expect((await pending())?.attempt).toBeGreaterThanOrEqual(3), {
    deadlineMs: 30_000,
  });
  expect((await pending())?.activityType?.name).toBe('handOver');
  const meanwhile = await events();
  await eventually(async () => expect((await pending())?.attempt).toBeGreaterThanOrEqual(5), {
    deadlineMs: 30_000,
  });
  expect(await events()).toBe(meanwhile);
  await allow();
  await driver.becomes(meeting, 'ready');
  expect(await driver.tasksOf(meeting)).not.toEqual([]);
}, 120_000);
