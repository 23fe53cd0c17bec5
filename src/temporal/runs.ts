/** Starts and signals workflows: the only place that knows their ids, queues and reuse policies. */
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import {
  CANCEL,
  ERASURE,
  MEETING_PIPELINE,
  REEXTRACT,
  RETRANSCRIBE,
  TASK_CHANGED,
  TASK_SYNC,
  erasureId,
  pipelineId,
  taskSyncId,
  type FirstRequest,
} from '../../workflows/messages';
import type { Failure, MeetingStatus } from '../domain/meeting';
import { FAILURE_CODE, MEETING_ID, MEETING_OWNER, MEETING_STAGE } from './search-attributes';

/** What the Temporal Web UI may know of a meeting: no title, no address. */
export interface MeetingFacts {
  id: string;
  ownerId: string;
  mediaType: string | null;
  mediaBytes: string | null;
  status: MeetingStatus;
  failure: Pick<Failure, 'code'> | null;
}

function runOptions(meeting: MeetingFacts) {
  return {
    workflowId: pipelineId(meeting.id),
    taskQueue: 'meetings',
    staticSummary: meeting.mediaType
      ? `${meeting.mediaType}, ${Math.ceil(Number(meeting.mediaBytes) / 1024)} KiB`
      : 'ready transcript',
    typedSearchAttributes: [
      { key: MEETING_STAGE, value: meeting.status },
      { key: MEETING_ID, value: meeting.id },
      { key: MEETING_OWNER, value: meeting.ownerId },
      ...(meeting.failure ? [{ key: FAILURE_CODE, value: meeting.failure.code }] : []),
    ],
  };
}

/**
 * Starts the pipeline of a new meeting; a run that exists already, open or closed, is left alone.
 * @param first - the meeting's only request, taken already: the run need not ask what to do
 */
export async function startPipeline(
  temporal: Client,
  meeting: MeetingFacts,
  first?: FirstRequest,
): Promise<void> {
  try {
    await temporal.workflow.start(MEETING_PIPELINE, {
      ...runOptions(meeting),
      args: first ? [{ first }] : [],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

const SIGNALS = { transcribe: RETRANSCRIBE, extract: REEXTRACT, cancel: CANCEL } as const;

/** Tells a meeting's pipeline of a request that stands in Postgres; starts a run when none is open. */
export async function signalPipeline(
  temporal: Client,
  meeting: MeetingFacts,
  request: { kind: keyof typeof SIGNALS; requestId: string },
): Promise<void> {
  await temporal.workflow.signalWithStart(MEETING_PIPELINE, {
    ...runOptions(meeting),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    signal: SIGNALS[request.kind],
    signalArgs: [{ requestId: request.requestId }],
  });
}

const taskRunOptions = (taskId: string) => ({
  workflowId: taskSyncId(taskId),
  taskQueue: 'notify',
  staticSummary: 'mail, calendar entry and reminder of one task',
  workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
});

/** Tells a task's `TaskSync` that the row has changed; call it after the commit. */
export async function signalTaskChanged(temporal: Client, taskId: string): Promise<void> {
  await temporal.workflow.signalWithStart(TASK_SYNC, {
    ...taskRunOptions(taskId),
    signal: TASK_CHANGED,
    signalArgs: [],
  });
}

/** Makes sure that a task's `TaskSync` runs; an open run is left alone. */
export async function startTaskSync(temporal: Client, taskId: string): Promise<void> {
  await temporal.workflow.start(TASK_SYNC, {
    ...taskRunOptions(taskId),
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
}

/** Starts the erasure of a deleted meeting. One that runs or has succeeded is left alone; one that was broken off begins anew. */
export async function startErasure(temporal: Client, meetingId: string): Promise<void> {
  try {
    await temporal.workflow.start(ERASURE, {
      workflowId: erasureId(meetingId),
      taskQueue: 'meetings',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
