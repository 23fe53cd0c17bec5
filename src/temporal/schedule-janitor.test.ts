import { testTemporal, type TestTemporal } from '../../test/support/temporal';
import { prepareNamespace } from './prepare-namespace';
import { JANITOR_SCHEDULE, scheduleJanitor } from './schedule-janitor';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await testTemporal();
});
afterAll(() => temporal.close());

const handle = () => temporal.client.schedule.getHandle(JANITOR_SCHEDULE);

test('there is one schedule, however often and by however many it is made', async () => {
  await prepareNamespace(temporal.client);
  await Promise.all(Array.from({ length: 5 }, () => scheduleJanitor(temporal.client)));
  const { spec, policies, action } = await handle().describe();
  expect(spec.intervals).toMatchObject([{ every: 600_000 }]);
  expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 60_000 });
  expect(action).toMatchObject({ workflowType: 'Janitor', taskQueue: 'meetings' });
});

test('an older one is brought up to date and stays paused', async () => {
  await handle().update((before) => ({
    ...before,
    spec: { intervals: [{ every: '1 day' }] },
    action: { type: 'startWorkflow', workflowType: 'Sweeper', taskQueue: 'old', args: [] },
  }));
  await handle().pause('maintenance');
  await scheduleJanitor(temporal.client);
  const { spec, action, state } = await handle().describe();
  expect(spec.intervals).toMatchObject([{ every: 600_000 }]);
  expect(action).toMatchObject({ workflowType: 'Janitor', taskQueue: 'meetings' });
  expect(state).toMatchObject({ paused: true, note: 'maintenance' });
});
