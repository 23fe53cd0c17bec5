/** Starts meetings on a test pipeline, asks things of them and waits for what comes of it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Meeting } from '../../src/models/meeting';
import { openRequests, Request } from '../../src/models/request';
import { Task } from '../../src/models/task';
import { projectRoot } from '../../src/project-root';
import { signalPipeline, startPipeline } from '../../src/temporal/runs';
import { pipelineId } from '../../workflows/messages';
import { askFor, insertMeeting, withMedia, withTranscript } from './meetings';
import type { TestPipeline } from './pipeline';
import { eventually } from './poll';

const DEADLINE = { deadlineMs: 30_000 };
const recording = readFileSync(path.join(projectRoot, 'samples/meeting-flite.mp3'));
export const PEOPLE = ['Anna', 'Ben', 'Carol'];

export class MeetingDriver {
  constructor(private readonly pipeline: TestPipeline) {}

  get db() {
    return this.pipeline.database.knex;
  }

  get client() {
    return this.pipeline.temporal.client;
  }

  load(id: string): Promise<Meeting> {
    return Meeting.query(this.db).findById(id).throwIfNotFound().execute();
  }

  tasksOf(meeting: Meeting) {
    return Task.query(this.db).where({ meetingId: meeting.id }).orderBy('name');
  }

  /** A stored meeting with a ready transcript of `Speaker: words` lines; not started. */
  async stored(lines: string[], participants = PEOPLE): Promise<Meeting> {
    const meeting = await insertMeeting(this.db, { participants });
    await withTranscript(this.db, meeting, lines);
    return meeting;
  }

  async startedFromTranscript(lines: string[]): Promise<Meeting> {
    const meeting = await this.stored(lines);
    await startPipeline(this.client, await this.load(meeting.id));
    return meeting;
  }

  /** As an upload does it: the run is told what to do first. */
  async uploadedTranscript(lines: string[]): Promise<Meeting> {
    const meeting = await this.stored(lines);
    const { requestId } = await openRequests(this.db, meeting.id).first().throwIfNotFound();
    await openRequests(this.db, meeting.id).patch({ state: 'running' });
    await startPipeline(this.client, await this.load(meeting.id), { requestId, kind: 'extract' });
    return meeting;
  }

  async startedFromRecording(bytes = recording): Promise<Meeting> {
    const meeting = await insertMeeting(this.db, { participants: PEOPLE });
    await withMedia(this.db, this.pipeline.providers.mediaStore, meeting, bytes);
    await startPipeline(this.client, await this.load(meeting.id));
    return meeting;
  }

  /** What the meeting's run waits for, as the Web UI shows it; undefined = nothing. */
  async pendingActivity({ id }: Meeting): Promise<{ name: string; attempt: number } | undefined> {
    const { raw } = await this.client.workflow.getHandle(pipelineId(id)).describe();
    const [pending] = raw.pendingActivities ?? [];
    return pending && { name: pending.activityType?.name ?? '', attempt: pending.attempt ?? 0 };
  }

  /** Asks as the api does: a row, then a signal. Returns the request's id. */
  async ask(meeting: Meeting, kind: Request['kind'], instructions: string | null = null): Promise<string> {
    const requestId = await askFor(this.db, meeting.id, kind, instructions);
    await signalPipeline(this.client, await this.load(meeting.id), { kind, requestId });
    return requestId;
  }

  /** Signals as an operator does: by hand, without input, whether a run is open or not. */
  signalByHand(meeting: Meeting, signal: string, argument: unknown) {
    return this.client.workflow.signalWithStart('MeetingPipeline', {
      workflowId: pipelineId(meeting.id),
      taskQueue: 'meetings',
      signal,
      signalArgs: [argument],
    });
  }

  becomes(meeting: Meeting, status: Meeting['status']): Promise<Meeting> {
    return eventually(async () => {
      const now = await this.load(meeting.id);
      expect(now.status).toBe(status);
      return now;
    }, DEADLINE);
  }

  isDone(meeting: Meeting, requestId: string): Promise<void> {
    return eventually(async () => {
      const request = await Request.query(this.db).findById([meeting.id, requestId]);
      expect(request).toMatchObject({ state: 'done' });
    }, DEADLINE);
  }
}
