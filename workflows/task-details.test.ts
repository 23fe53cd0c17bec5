/** What an operator reads of a task's run in the Temporal Web UI: real runs, with a mail service that refuses. */
import type { Task } from '../src/models/task';
import { remedyFor } from '../src/domain/remedies';
import { ProviderError } from '../src/provider-error';
import { signalTaskChanged } from '../src/temporal/runs';
import { insertUser } from '../test/support/meetings';
import { startTestPipeline, type TestPipeline } from '../test/support/pipeline';
import { eventually } from '../test/support/poll';
import { addMeeting, addTask } from '../test/support/rows';
import { taskSyncId } from './messages';

let refusal: ProviderError | null = null;
let pipeline: TestPipeline;

beforeAll(async () => {
  const send = () => (refusal ? Promise.reject(refusal) : Promise.resolve({ providerMessageId: null }));
  pipeline = await startTestPipeline({ mailer: { provider: 'moody', send } });
}, 120_000);
afterAll(() => pipeline.close());

const client = () => pipeline.temporal.client;

/** Agreed by Ben, due at a day that is far away. */
async function newTask(): Promise<Task> {
  const { knex } = pipeline.database;
  const [meeting, ben] = await Promise.all([addMeeting(knex), insertUser(knex, 'Ben')]);
  return addTask(knex, {
    meetingId: meeting.id,
    ownerId: ben.id,
    origin: 'ai',
    agreed: true,
    syncedVersion: 0,
    deadlineDate: '2100-03-12',
    deadlineTimezone: 'UTC',
  });
}

const shows = ({ id }: Task, details: string) =>
  eventually(
    async () => {
      const run = client().workflow.getHandle(taskSyncId(id));
      const { currentDetails } = await run.query<{ currentDetails: string }>('__temporal_workflow_metadata');
      expect(currentDetails).toBe(details);
    },
    { deadlineMs: 60_000 },
  );

const HEAD = '| what | state | code | what to do |\n| --- | --- | --- | --- |';
const sent = (what: string) => `| ${what} | sent |  |  |`;

it('what was mailed, what the calendar says, when the reminder comes; nothing of whom or what', async () => {
  refusal = null;
  const task = await newTask();
  await signalTaskChanged(client(), task.id);
  await shows(
    task,
    [
      '## in step with the task',
      `${HEAD}\n${sent('calendar entry')}\n${sent('mail')}`,
      '**Next reminder:** 2100-03-11T09:00:00.000Z',
    ].join('\n\n'),
  );
  const { staticSummary } = await client().workflow.getHandle(taskSyncId(task.id)).describe();
  expect(await staticSummary()).toBe('mail, calendar entry and reminder of one task');
}, 120_000);

it('what failed, and what to do about it', async () => {
  refusal = new ProviderError('mail-auth', 'The key.', { retryable: false });
  const task = await newTask();
  await signalTaskChanged(client(), task.id);
  await shows(
    task,
    [
      '## NOT all delivered: mail-auth',
      `${HEAD}\n${sent('calendar entry')}\n| mail | failed | mail-auth | ${remedyFor('mail-auth')} |`,
      '**Next reminder:** 2100-03-11T09:00:00.000Z',
    ].join('\n\n'),
  );
}, 120_000);
