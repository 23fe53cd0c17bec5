/** Steps that are done along with another one or within a workflow task, when they can't be: Postgres refuses them for a while. */
import { readHistory } from '../test/support/history';
import { MeetingDriver } from '../test/support/meeting-driver';
import { startTestPipeline, type TestPipeline } from '../test/support/pipeline';
import { eventually } from '../test/support/poll';
import { refuseStatus } from '../test/support/refusal';
import { SAMPLE_LINES } from '../test/support/sample';
import { TaskDriver } from '../test/support/task-driver';
import { pipelineId, taskSyncId } from './messages';

let pipeline: TestPipeline;
let driver: MeetingDriver;
beforeAll(async () => {
  pipeline = await startTestPipeline();
  driver = new MeetingDriver(pipeline);
}, 120_000);
afterAll(() => pipeline.close());

it('tasks that are not handed over by the step before are by an activity, tried until it succeeds', async () => {
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

it('what fails within a workflow task is tried as an activity, and history does not grow meanwhile', async () => {
  await driver.db.raw('alter table deliveries add constraint no_orders check (false) not valid');
  const tasks = await TaskDriver.for(pipeline);
  const task = await tasks.insert();
  await tasks.tell(task);
  const run = driver.client.workflow.getHandle(taskSyncId(task.id));
  const isTried = (times: number) =>
    eventually(
      async () => {
        const [pending] = (await run.describe()).raw.pendingActivities ?? [];
        expect(pending?.activityType?.name).toBe('planTask');
        expect(pending?.attempt).toBeGreaterThanOrEqual(times);
      },
      { deadlineMs: 30_000 },
    );
  await isTried(2);
  const events = async () => (await readHistory(driver.client, taskSyncId(task.id))).events;
  const meanwhile = await events();
  await isTried(4);
  expect(await events()).toBe(meanwhile);
  await driver.db.raw('alter table deliveries drop constraint no_orders');
  await tasks.inStep(task);
  expect(await tasks.ledger(task)).toEqual(['calendar sent', 'email sent']);
}, 120_000);
