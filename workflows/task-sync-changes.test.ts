/** Changes of a task while its run is at something: retrying a mail, waiting for a reminder. */
import { optionalTsToMs } from '@temporalio/common/lib/time';
import { DateTime } from 'luxon';
import { Task } from '../src/models/task';
import type { User } from '../src/models/user';
import { ProviderError } from '../src/provider-error';
import { readHistory } from '../test/support/history';
import { insertUser } from '../test/support/meetings';
import { startTestPipeline, type TestPipeline } from '../test/support/pipeline';
import { eventually } from '../test/support/poll';
import { MoodyMailer, TaskDriver } from '../test/support/task-driver';
import { TASK_CHANGED, taskSyncId } from './messages';

const mailer = new MoodyMailer();
let pipeline: TestPipeline;
let driver: TaskDriver;
let ben: User;

beforeAll(async () => {
  pipeline = await startTestPipeline({ mailer });
  driver = await TaskDriver.for(pipeline);
  ben = driver.ben;
}, 120_000);
afterAll(() => pipeline.close());
beforeEach(() => {
  mailer.moods = [];
  mailer.sent.length = 0;
});

describe('while the mail service is away for an hour', () => {
  const away = () => new ProviderError('busy', 'Busy.', { retryable: true, retryAfterMs: 3_600_000 });
  const waits = (task: Task) =>
    eventually(async () => expect(await driver.ledger(task)).toEqual(['calendar sent', 'email pending']));

  it('only the mail waits, with why and until when, and nobody is called before', async () => {
    mailer.moods = [away()];
    const task = await driver.insert({ name: 'Wait for me' });
    await driver.tell(task);
    await waits(task);
    const run = pipeline.temporal.client.workflow.getHandle(taskSyncId(task.id));
    const pending = await eventually(async () => {
      const { pendingActivities } = (await run.describe()).raw;
      expect(pendingActivities).toMatchObject([
        { activityType: { name: 'sendMail' }, attempt: 2, lastFailure: { message: 'Busy.' } },
      ]);
      return pendingActivities![0]!;
    });
    expect(optionalTsToMs(pending.scheduledTime)! - Date.now()).toBeGreaterThan(3_500_000);
    const { currentDetails } = await run.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(currentDetails).toMatch(/^## NOT yet delivered: mails: 1 \(busy\)/);
    expect([mailer.moods, mailer.sent]).toEqual([[], []]);
  });

  it('the calendar follows, and the next change tries the mail again', async () => {
    mailer.moods = [away(), away()];
    const task = await driver.insert({ name: 'Outlive the outage' });
    await driver.tell(task);
    await waits(task);
    await Task.query(driver.db).findById(task.id).patch({ deadlineDate: '2025-10-22', version: 2 });
    await driver.tell(task);
    await eventually(() => expect(driver.calendarOf(ben)).toContain('20251022'));
    await eventually(() => expect(mailer.moods).toEqual([]));
    await driver.inStep(task);
    expect(await driver.ledger(task)).toEqual(['calendar sent', 'email sent']);
    expect(mailer.sent).toHaveLength(1);
  });

  it('who does not own the task any more gets no mail of it; who owns it then, one', async () => {
    const carol = await insertUser(driver.db, 'Carol');
    mailer.moods = [away()];
    const task = await driver.insert({ name: 'Hand me over in time' });
    await driver.tell(task);
    await waits(task);
    await driver.change(task, { ownerId: carol.id });
    expect(mailer.sent.map(({ to }) => to.name)).toEqual(['Carol']);
    await driver.change(task, { ownerId: ben.id });
    expect(mailer.sent.map(({ to }) => to.name)).toEqual(['Carol', 'Ben']);
  });

  it('a task that is done meanwhile is not mailed, and is when it is opened again', async () => {
    mailer.moods = [away()];
    const task = await driver.insert({ name: 'Done in time' });
    await driver.tell(task);
    await waits(task);
    await driver.change(task, { status: 'done' });
    expect(mailer.sent).toEqual([]);
    await driver.change(task, { status: 'open' });
    expect(mailer.sent).toHaveLength(1);
  });
});

describe('a run that waits for a reminder', () => {
  /** The runs of a task, each of which went on as the next. */
  async function runsOf(task: Task, runId: string): Promise<number[]> {
    const handle = pipeline.temporal.client.workflow.getHandle(taskSyncId(task.id), runId);
    const { events = [] } = await handle.fetchHistory();
    const last = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes;
    const next = last?.newExecutionRunId;
    return [events?.length ?? 0, ...(next ? await runsOf(task, next) : [])];
  }

  it('stays short over forty changes, loses none, and ends with the task', async () => {
    const task = await driver.insert({ name: 'Change your mind', deadlineDate: '2099-01-01' });
    await driver.inStep(task);
    const handle = pipeline.temporal.client.workflow.getHandle(taskSyncId(task.id));
    const { runId } = await handle.describe();
    const days = Array.from({ length: 40 }, (_, index) => DateTime.utc(2099, 1, 2).plus({ days: index }));
    for (const day of days) await driver.change(task, { deadlineDate: day.toISODate() });
    expect((await handle.describe()).status.name).toBe('RUNNING');
    expect(driver.entriesFor(ben, task)).toBe(1);
    expect(driver.calendarOf(ben)).toContain(days.at(-1)!.toFormat('yyyyMMdd'));
    await driver.change(task, { status: 'done' });
    await eventually(async () => (await handle.describe()).status.name === 'COMPLETED');
    const lengths = await runsOf(task, runId);
    expect(lengths.length).toBeGreaterThan(3);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(150);
    expect(mailer.sent).toHaveLength(1);
  }, 120_000);

  it('takes a burst of changes for one', async () => {
    const task = await driver.insert({ name: 'All at once', deadlineDate: '2099-01-01' });
    await driver.inStep(task);
    await Promise.all(Array.from({ length: 30 }, () => driver.tell(task)));
    await driver.change(task, { deadlineDate: '2099-02-02' });
    expect([mailer.sent.length, driver.entriesFor(ben, task)]).toEqual([1, 1]);
    expect(driver.calendarOf(ben)).toContain('20990202');
    expect((await readHistory(pipeline.temporal.client, taskSyncId(task.id))).events).toBeLessThanOrEqual(
      150,
    );
  });
});

describe('whatever is typed by hand', () => {
  const workflows = () => pipeline.temporal.client.workflow;

  it('with a signal or a start that can not be read, on either queue, brings the row to the world all the same', async () => {
    const task = await driver.insert({ name: 'Read me', deadlineDate: '2099-01-01' });
    const input = {
      payloads: [{ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{') }],
    };
    const { workflowService, options } = pipeline.temporal.client;
    const run = { namespace: options.namespace, workflowId: taskSyncId(task.id) };
    await workflowService.startWorkflowExecution({
      ...{ ...run, requestId: task.id, input },
      ...{ workflowType: { name: 'TaskSync' }, taskQueue: { name: 'meetings' } },
    });
    await eventually(async () => expect(await driver.ledger(task)).toEqual(['calendar sent', 'email sent']));
    await Task.query(driver.db).findById(task.id).patch({ status: 'done', version: 2 });
    await workflowService.signalWorkflowExecution({
      ...{ namespace: run.namespace, workflowExecution: run, signalName: TASK_CHANGED, input },
    });
    await workflows().getHandle(run.workflowId).result();
    expect((await Task.query(driver.db).findById(task.id))?.syncedVersion).toBe(2);
  });

  it('a run that is named after no task ends at once and says so', async () => {
    const nobodys = await workflows().start('TaskSync', {
      taskQueue: 'meetings',
      workflowId: taskSyncId('of-nobody'),
    });
    await expect(nobodys.result()).rejects.toMatchObject({ cause: { type: 'task-gone' } });
  });
});
