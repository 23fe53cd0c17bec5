/** What Temporal knows of a meeting's newest run, and Postgres does not. */
import { WorkflowNotFoundError, type Client, type WorkflowExecutionDescription } from '@temporalio/client';
import { optionalTsToDate } from '@temporalio/common/lib/time';
import { pipelineId } from '../../workflows/messages';

export interface PendingActivity {
  type: string;
  /** From 1; while it waits for a retry, the one that comes. */
  attempt: number;
  /** When the last attempt began, RFC 3339; null = none has. */
  startedAt: string | null;
  /** RFC 3339; null = an attempt is under way, or waits for a worker. */
  nextRetryAt: string | null;
  lastFailure: { code: string; message: string } | null;
}

export interface KnownRun {
  runId: string;
  /** Temporal's word for it, in lower case. */
  status: string;
  pending: PendingActivity[];
}

/** Failures are worded by us (see activities/typed-failure.ts); this is for those that the server makes. */
const MAX_MESSAGE_LENGTH = 200;

/** null = there is no run, or it closed so long ago that it is gone. Throws when Temporal is away. */
export async function knownRun(temporal: Client, meetingId: string): Promise<KnownRun | null> {
  try {
    const { runId, status, raw } = await temporal.workflow.getHandle(pipelineId(meetingId)).describe();
    const pending = (raw.pendingActivities ?? []).map(pendingActivity);
    return { runId, status: status.name.toLowerCase(), pending };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

function pendingActivity(info: Pending): PendingActivity {
  const { activityType, attempt, lastFailure } = info;
  const [startedAt, next] = [info.lastStartedTime, info.nextAttemptScheduleTime].map(instantOf);
  return {
    type: activityType?.name ?? '',
    attempt: attempt ?? 1,
    startedAt: startedAt ?? null,
    // While an attempt is under way the server still tells when it was planned.
    nextRetryAt: next && (!startedAt || next > startedAt) ? next : null,
    lastFailure: lastFailure ? failureOf(lastFailure) : null,
  };
}

const instantOf = (time: Parameters<typeof optionalTsToDate>[0]): string | null =>
  optionalTsToDate(time)?.toISOString() ?? null;

function failureOf({
  applicationFailureInfo,
  timeoutFailureInfo,
  message,
}: NonNullable<Pending['lastFailure']>) {
  const code = applicationFailureInfo?.type || (timeoutFailureInfo ? 'step-timeout' : 'internal');
  return { code, message: (message ?? '').slice(0, MAX_MESSAGE_LENGTH) };
}
