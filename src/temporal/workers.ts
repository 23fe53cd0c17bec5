import type { WorkerDeploymentVersion } from '@temporalio/common';
import {
  Worker,
  type NativeConnection,
  type WorkerDeploymentOptions,
  type WorkerOptions,
} from '@temporalio/worker';
import type { Activities } from '../../activities';
import type { Queue } from '../../workflows/messages';

/** What a set of workers is made of. One connection and one bundle serve them all. */
export interface WorkerParts {
  connection: NativeConnection;
  namespace: string;
  workflowBundle: { codePath: string };
  activities: Activities;
  /** How many recordings may be transcribed at once: the engine's own limit. */
  speechConcurrency: number;
  /** How long a stop waits for running activities before it cancels them. */
  shutdownGraceMs: number;
  /** null or absent = not versioned: any worker takes any work. */
  version?: WorkerDeploymentVersion | null;
}

/** What the janitor does; it touches rows and, seldom, the store. */
const JANITOR = ['removeAbandonedUploads', 'failVanishedRuns', 'settleCutOffSends', 'expireRecords'] as const;

/** Which activities a queue serves, and how many at once in one process. */
const ACTIVITIES: Record<Queue, (keyof Activities)[]> = {
  meetings: [
    ...(['planWork', 'heedCancel', 'assemble', 'handOver', 'recordOutcome'] as const),
    // A task's run that somebody starts by hand may be here.
    ...(['planTask', 'finishTask'] as const),
    ...(['stopRuns', 'removeRows', 'deleteHistories', 'finishErasure'] as const),
    ...JANITOR,
  ],
  media: ['probe', 'diarize', 'removeRecording'],
  speech: ['transcribe'],
  llm: ['extract'],
  notify: [
    'planTask',
    'deliver',
    'finishTask',
    'sendMail',
    'syncCalendar',
    'awaitCalls',
    'forgetMails',
    'clearCalendars',
  ],
};

/** Rows are cheap, and a model is waited for; media means child processes on a machine that may have two cores. */
const CONCURRENCY: Record<Queue, number> = { meetings: 20, media: 2, speech: 1, llm: 20, notify: 10 };

/**
 * Half of the polls for new runs, so that a burst of uploads is taken as fast as runs that are under way. With 20 polls for
 * each queue a burst takes 6 % less time, but the server needs more than half a second for one start of a step in 25
 * instead of 200; after a second it may lose one, and the step waits for its timeout.
 */
export const WORKFLOW_TUNING = {
  maxConcurrentActivityTaskExecutions: CONCURRENCY.meetings,
  maxConcurrentLocalActivityExecutions: CONCURRENCY.meetings,
  maxCachedWorkflows: 200,
  workflowTaskPollerBehavior: { type: 'simple-maximum', maximum: 8 } as const,
  nonStickyToStickyPollRatio: 0.5,
};

/**
 * Few at a time: what the world learns of tasks shall not take the machine from meetings that come in, and what waits here
 * is taken in milliseconds when they leave room. Two is the least that the SDK can do with.
 */
const NOTIFY_TUNING = {
  maxConcurrentLocalActivityExecutions: 2,
  maxConcurrentWorkflowTaskExecutions: 2,
  maxCachedWorkflows: 100,
  workflowTaskPollerBehavior: { type: 'simple-maximum', maximum: 2 } as const,
};

/** `meetings` runs meetings, erasures and the janitor, `notify` tasks; the others are activities alone and start without a bundle. */
function workerOptions(queue: Queue, parts: WorkerParts): WorkerOptions {
  const { connection, namespace, activities, shutdownGraceMs } = parts;
  return {
    connection,
    namespace,
    taskQueue: queue,
    identity: `${process.pid}@${queue}`,
    activities: Object.fromEntries(ACTIVITIES[queue].map((name) => [name, activities[name]])),
    maxConcurrentActivityTaskExecutions: queue === 'speech' ? parts.speechConcurrency : CONCURRENCY[queue],
    // Also bounds how soon a cancellation reaches an activity.
    maxHeartbeatThrottleInterval: '10 seconds',
    shutdownGraceTime: shutdownGraceMs,
    ...(queue === 'meetings' && { ...WORKFLOW_TUNING, workflowBundle: parts.workflowBundle }),
    ...(queue === 'notify' && { ...NOTIFY_TUNING, workflowBundle: parts.workflowBundle }),
    ...(parts.version && { workerDeploymentOptions: versioned(parts.version) }),
  };
}

/**
 * Runs move to the new version with their next task. Pinned ones would keep a build running until they end: a meeting's
 * after a day, a task's when its reminder is due. That histories still fit is what `workflows/replay.test.ts` sees to.
 */
const versioned = (version: WorkerDeploymentVersion): WorkerDeploymentOptions => ({
  version,
  useWorkerVersioning: true,
  defaultVersioningBehavior: 'AUTO_UPGRADE',
});

/** Creates one worker per queue; run them all, shut them down together. */
export function createWorkers(queues: readonly Queue[], parts: WorkerParts): Promise<Worker[]> {
  return Promise.all(queues.map((queue) => Worker.create(workerOptions(queue, parts))));
}
