/** The activities as the workflows see them: which queue, how long, how often, and what an operator reads. */
import {
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  type ActivityInterfaceFor,
} from '@temporalio/workflow';
import type { Activities } from '../activities';

/** Rows only: quick, and tried until Postgres is back. */
const rows = {
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10 seconds' },
  // What has begun to write is waited for: where the meeting rests is said after it.
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
} as const;

/** A provider that is away for an hour loses no meeting; what can't succeed is marked non-retryable by its error. */
const provider = {
  heartbeatTimeout: '30 seconds',
  // Nobody waits for an engine that is slow to stop; what it saves late harms nothing.
  cancellationType: 'TRY_CANCEL',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '1 minute' },
} as const;

/**
 * For the steps that every meeting and task takes, and which take milliseconds: done within the workflow task, where an
 * activity costs the server nothing. Once: what fails there is left to a proper activity, which waits for Postgres
 * without an event of history.
 */
function quickly<Input, Result>(
  step: (activities: ActivityInterfaceFor<Activities>) => (input: Input) => Promise<Result>,
  summary: string,
): (input: Input) => Promise<Result> {
  const here = step(
    proxyLocalActivities<Activities>({
      startToCloseTimeout: '5 seconds',
      retry: { maximumAttempts: 1 },
      cancellationType: rows.cancellationType,
      summary,
    }),
  );
  const there = step(proxyActivities<Activities>({ ...rows, summary }));
  return (input) =>
    here(input).catch((error: unknown) => {
      if (isCancellation(error)) throw error;
      return there(input);
    });
}

export const planWork = quickly(({ planWork }) => planWork, 'what is asked of this meeting');

export const { heedCancel } = proxyActivities<Activities>({
  ...rows,
  taskQueue: 'meetings',
  summary: 'is this work to stop',
});

export const { assemble } = proxyActivities<Activities>({
  ...rows,
  startToCloseTimeout: '2 minutes',
  taskQueue: 'meetings',
  summary: 'who said what; transcript saved',
});

export const { handOver } = proxyActivities<Activities>({
  ...rows,
  taskQueue: 'meetings',
  summary: 'tasks handed to their own workflows; what is asked now',
});

export const { recordOutcome } = proxyActivities<Activities>({
  ...rows,
  taskQueue: 'meetings',
  summary: 'outcome recorded',
});

export const { probe } = proxyActivities<Activities>({
  ...provider,
  startToCloseTimeout: '15 minutes',
  scheduleToCloseTimeout: '2 hours',
  taskQueue: 'media',
  summary: 'recording checked and cut',
});

/** Six hours of sound at the speed of the embedded engine, with room for retries. */
export const { transcribe } = proxyActivities<Activities>({
  ...provider,
  startToCloseTimeout: '6 hours',
  scheduleToCloseTimeout: '12 hours',
  taskQueue: 'speech',
  summary: 'speech to text',
});

/** Speakers are worth three tries, not a failed meeting. */
export const { diarize } = proxyActivities<Activities>({
  ...provider,
  startToCloseTimeout: '2 hours',
  retry: { ...provider.retry, maximumAttempts: 3 },
  taskQueue: 'media',
  summary: 'who speaks when',
});

export const { extract } = proxyActivities<Activities>({
  ...provider,
  startToCloseTimeout: '30 minutes',
  scheduleToCloseTimeout: '4 hours',
  taskQueue: 'llm',
  summary: 'decisions, tasks and questions',
});

export const planTask = quickly(({ planTask }) => planTask, 'what the world must learn of this task');
export const finishTask = quickly(({ finishTask }) => finishTask, 'in step');

/**
 * Tried until the provider takes it: the activities give up by what their rows say, so that a queue without workers
 * costs time and no mail. What is under way when the row changes is waited for, what waits for a retry is not.
 */
const delivery = {
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '5 minutes' },
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  taskQueue: 'notify',
} as const;

/** The first try of everything; what fails then is tried again by itself. */
export const { deliver } = proxyActivities<Activities>({
  ...delivery,
  retry: rows.retry,
  summary: 'mails and calendar',
});
export const { sendMail } = proxyActivities<Activities>({ ...delivery, summary: 'mail, again' });
export const { syncCalendar } = proxyActivities<Activities>({ ...delivery, summary: 'calendar, again' });

/** Over before the next turn; what is left then is done in that. */
const janitor = {
  startToCloseTimeout: '5 minutes',
  scheduleToCloseTimeout: '9 minutes',
  heartbeatTimeout: '30 seconds',
  retry: rows.retry,
  taskQueue: 'meetings',
} as const;

export const { removeAbandonedUploads } = proxyActivities<Activities>({
  ...janitor,
  summary: 'objects of uploads that died',
});
export const { failVanishedRuns } = proxyActivities<Activities>({
  ...janitor,
  summary: 'meetings whose run is gone',
});
export const { settleCutOffSends } = proxyActivities<Activities>({
  ...janitor,
  summary: 'sends without an outcome',
});
export const { expireRecords } = proxyActivities<Activities>({
  ...janitor,
  summary: 'rows that have outlived their time',
});

/** An erasure is tried until it is done. */
const removal = {
  heartbeatTimeout: '30 seconds',
  startToCloseTimeout: '10 minutes',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
} as const;
/** Of what others keep: so long may they be away. */
const patience = { ...removal, scheduleToCloseTimeout: '3 days' } as const;

export const { stopRuns } = proxyActivities<Activities>({
  ...removal,
  taskQueue: 'meetings',
  summary: 'runs stopped',
});

export const { removeRows } = proxyActivities<Activities>({
  ...rows,
  startToCloseTimeout: '5 minutes',
  taskQueue: 'meetings',
  summary: 'rows removed',
});

export const { removeRecording } = proxyActivities<Activities>({
  ...removal,
  taskQueue: 'media',
  summary: 'recording removed',
});

export const { awaitCalls } = proxyActivities<Activities>({
  ...removal,
  taskQueue: 'notify',
  summary: 'deliveries under way have ended',
});

export const { forgetMails } = proxyActivities<Activities>({
  ...removal,
  taskQueue: 'notify',
  summary: 'mails forgotten',
});

export const { clearCalendars } = proxyActivities<Activities>({
  ...patience,
  taskQueue: 'notify',
  summary: 'calendar entries removed',
});

export const { deleteHistories } = proxyActivities<Activities>({
  ...patience,
  taskQueue: 'meetings',
  summary: 'histories deleted',
});

export const { finishErasure } = proxyActivities<Activities>({
  ...rows,
  taskQueue: 'meetings',
  summary: 'receipt closed',
});
