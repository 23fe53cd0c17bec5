import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import { JANITOR } from '../../workflows/messages';

/** Id of the schedule; its runs are `janitor-<when>`. */
export const JANITOR_SCHEDULE = 'janitor';
const DEADLINE_MS = 3_000;

const SCHEDULE = {
  spec: { intervals: [{ every: '10 minutes' }] },
  action: {
    type: 'startWorkflow',
    workflowType: JANITOR,
    workflowId: JANITOR_SCHEDULE,
    taskQueue: 'meetings',
    // Also bounds how long a turn waits for a worker: without one, the next turn is as good.
    workflowExecutionTimeout: '30 minutes',
    staticSummary: 'tidies up what was left behind',
  },
  // A turn that was missed is made good by the next: everything that was left is still there.
  policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
} as const;

/**
 * Makes the janitor's schedule, or brings an older one up to date; whether it is paused stays as somebody set it. May
 * be called again and by several processes at once. Throws when Temporal can't be reached within 3 s.
 */
export async function scheduleJanitor(client: Client): Promise<void> {
  await client.withDeadline(Date.now() + DEADLINE_MS, async () => {
    try {
      await client.schedule.create({ scheduleId: JANITOR_SCHEDULE, ...asOptions() });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      const handle = client.schedule.getHandle(JANITOR_SCHEDULE);
      await handle.update(({ state }) => ({ ...asOptions(), state }));
    }
  });
}

/** The SDK wants lists that it may change. */
const asOptions = () => ({ ...SCHEDULE, spec: { intervals: [...SCHEDULE.spec.intervals] } });
