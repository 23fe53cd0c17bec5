/** What enters and leaves the workflows: signals, queries, ids. Imported by the api and the activities as well. */
import type { MeetingStatus, Step } from '../src/domain/meeting';

/** `{requestId, instructions?}`: read the transcript again. Instructions given to the api wait in Postgres under the id. */
export const REEXTRACT = 'reextract';
/** `{requestId, language?}`: hear the recording again, then extract. */
export const RETRANSCRIBE = 'retranscribe';
/** `{requestId}`: stop what runs; nothing that is there already is removed. */
export const CANCEL = 'cancel';
/** Signal of `TaskSync`: the row has changed; no arguments. */
export const TASK_CHANGED = 'changed';
export const PROGRESS = 'progress';

/** What a new meeting's run is to do first. */
export interface FirstRequest {
  requestId: string;
  kind: 'transcribe' | 'extract';
}

export type StepState = 'pending' | 'running' | 'done' | 'failed' | 'skipped';

/** Answer of the query `progress`. */
export interface Progress {
  meetingId: string;
  status: MeetingStatus;
  requestId: string | null;
  steps: { name: Step; state: StepState }[];
  failure: { step: Step; code: string; message: string } | null;
  notes: string[];
}

export const MEETING_PIPELINE = 'MeetingPipeline';
export const TASK_SYNC = 'TaskSync';
export const JANITOR = 'Janitor';
export const ERASURE = 'Erasure';

export const pipelineId = (meetingId: string): string => `meeting-${meetingId}`;
export const taskSyncId = (taskId: string): string => `task-${taskId}`;
export const erasureId = (meetingId: string): string => `erasure-${meetingId}`;

/** Task queues; each has its own workers and limits. */
export const QUEUES = ['meetings', 'media', 'speech', 'llm', 'notify'] as const;
export type Queue = (typeof QUEUES)[number];
