/** Activities of one recording, attempt by attempt, without Temporal: what a worker does between two failures. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { ApplicationFailure } from '@temporalio/common';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities, type Activities } from '../../activities';
import type { ActivityDeps } from '../../activities/deps';
import type { Work } from '../../activities/plan-work';
import { seedLocalUser } from '../../src/db/seed';
import { createLogger } from '../../src/log';
import { Request } from '../../src/models/request';
import { Transcript, TranscriptPiece, TranscriptSegment } from '../../src/models/transcript';
import type { SpeechToText } from '../../src/ports';
import { LocalMediaStore } from '../../src/providers/local/media-store';
import { findFfmpeg } from '../../src/tools';
import { createTestDatabase, type TestDatabase } from './database';
import { askFor, insertMeeting, withMedia } from './meetings';
import { wavOf } from './wav';

/** Failed attempts are what these tests are about. */
const quiet = new DefaultLogger('ERROR');

export class RecordingBench {
  private constructor(
    readonly database: TestDatabase,
    readonly ffmpeg: string,
    private readonly dir: string,
    private readonly store: LocalMediaStore,
  ) {}

  static async open(): Promise<RecordingBench> {
    const [database, ffmpeg] = await Promise.all([createTestDatabase(), findFfmpeg()]);
    await seedLocalUser(database.knex);
    const dir = mkdtempSync(path.join(tmpdir(), 'recordings-'));
    mkdirSync(path.join(dir, 'scratch'));
    return new RecordingBench(database, ffmpeg, dir, new LocalMediaStore(path.join(dir, 'media')));
  }

  async close(): Promise<void> {
    await this.database.destroy();
    rmSync(this.dir, { recursive: true });
  }

  /** A meeting whose recording says `pcm`, with the request to hear it. */
  async recording(pcm: Buffer): Promise<Work> {
    const meeting = await insertMeeting(this.database.knex);
    const requestId = await withMedia(this.database.knex, this.store, meeting, wavOf(pcm));
    return { meetingId: meeting.id, requestId, kind: 'transcribe' };
  }

  /** The same recording asked for again, after the earlier request ended as `state`. */
  async again(work: Work, state: 'failed' | 'cancelled'): Promise<Work> {
    const { meetingId } = work;
    await Request.query(this.database.knex).findById([meetingId, work.requestId]).patch({ state });
    return { ...work, requestId: await askFor(this.database.knex, meetingId, 'transcribe') };
  }

  /** One attempt of an activity; the failure that Temporal would get, or null. */
  async attempt(
    verb: 'probe' | 'transcribe' | 'assemble',
    speech: SpeechToText,
    work: Work,
  ): Promise<ApplicationFailure | null> {
    const activities: Activities = createActivities({
      db: this.database.knex,
      providers: { speech, mediaStore: this.store },
      log: createLogger('recordings', 'silent'),
      ffmpeg: this.ffmpeg,
      scratchDir: path.join(this.dir, 'scratch'),
      maxMediaSeconds: 7200,
    } as unknown as ActivityDeps);
    return new MockActivityEnvironment({}, { logger: quiet }).run(activities[verb], work).then(
      () => null,
      (failure: ApplicationFailure) => failure,
    );
  }

  /** Probes, then attempts to transcribe until it succeeds, fails for good or `most` attempts are over. */
  async hear(speech: SpeechToText, work: Work, most = 10): Promise<ApplicationFailure | null> {
    const unprobed = await this.attempt('probe', speech, work);
    if (unprobed) return unprobed;
    let failure: ApplicationFailure | null = null;
    for (let attempt = 0; attempt < most; attempt++) {
      failure = await this.attempt('transcribe', speech, work);
      if (failure === null || failure.nonRetryable) break;
    }
    return failure;
  }

  /** Assembles, and reads what became the transcript. */
  async transcript(
    speech: SpeechToText,
    work: Work,
  ): Promise<{ text: string; segments: TranscriptSegment[]; row: Transcript }> {
    const failure = await this.attempt('assemble', speech, work);
    if (failure) throw failure;
    const db = this.database.knex;
    const row = await Transcript.query(db)
      .findOne({ meetingId: work.meetingId, requestId: work.requestId })
      .throwIfNotFound();
    const segments = await TranscriptSegment.query(db).where({ transcriptId: row.id }).orderBy('ordinal');
    return { row, segments, text: segments.map(({ text }) => text).join(' ') };
  }

  async pieces(work: Work): Promise<TranscriptPiece[]> {
    const draft = Transcript.query(this.database.knex).select('id').where({ requestId: work.requestId });
    return TranscriptPiece.query(this.database.knex).whereIn('transcript_id', draft).orderBy('start_ms');
  }
}
