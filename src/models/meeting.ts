import { Model, type RelationMappings } from 'objection';
import type { Failure, MeetingStatus } from '../domain/meeting';
import type { StepRecords } from '../domain/run-steps';
import { BaseModel } from './base';
import { Decision } from './decision';
import { Extraction } from './extraction';
import { Question } from './question';
import { Task } from './task';
import { Transcript } from './transcript';
import { User } from './user';

/** One recording (or ready transcript) and all that came of it. */
export class Meeting extends BaseModel {
  static override readonly tableName = 'meetings';
  static override readonly jsonAttributes = ['failure', 'steps'];
  /** All but the text of the transcript, which is long and which nobody reads who works on a meeting. */
  static readonly columns = [
    ...['id', 'owner_id', 'title', 'status', 'failure', 'steps', 'recorded_at', 'timezone', 'language'],
    ...['duration_ms', 'notify', 'media_key', 'media_sha256', 'media_bytes', 'media_type', 'transcript_id'],
    ...['run_started_at', 'event_seq', 'deleted_at', 'version', 'created_at', 'updated_at'],
  ];

  declare id: string;
  declare ownerId: string;
  declare title: string;
  declare status: MeetingStatus;
  declare failure: Failure | null;
  /** How far the newest work is; changes with the status. */
  declare steps: StepRecords;
  declare recordedAt: Date;
  declare timezone: string;
  declare language: string | null;
  declare durationMs: number | null;
  declare notify: 'auto' | 'manual';
  /** null with the other three: a ready transcript was uploaded, there is no media. */
  declare mediaKey: string | null;
  declare mediaSha256: string | null;
  /** A bigint column: pg gives it as a string. */
  declare mediaBytes: string | null;
  declare mediaType: string | null;
  /** Plain text of the transcript in `transcriptId`. */
  declare transcript: string | null;
  declare transcriptId: string | null;
  declare runStartedAt: Date | null;
  declare eventSeq: number;
  declare deletedAt: Date | null;
  declare version: number;
  declare createdAt: Date;
  declare updatedAt: Date;

  declare owner?: User;
  declare participants?: MeetingParticipant[];
  declare currentTranscript?: Transcript | null;
  declare extractions?: Extraction[];
  declare tasks?: Task[];
  declare decisions?: Decision[];
  declare questions?: Question[];

  static override get relationMappings(): RelationMappings {
    const has = (modelClass: typeof BaseModel, column: string) => ({
      relation: Model.HasManyRelation,
      modelClass,
      join: { from: 'meetings.id', to: column },
    });
    const belongsTo = (modelClass: typeof BaseModel, from: string, to: string) => ({
      relation: Model.BelongsToOneRelation,
      modelClass,
      join: { from, to },
    });
    return {
      owner: belongsTo(User, 'meetings.owner_id', 'users.id'),
      currentTranscript: belongsTo(Transcript, 'meetings.transcript_id', 'transcripts.id'),
      participants: has(MeetingParticipant, 'meeting_participants.meeting_id'),
      extractions: has(Extraction, 'extractions.meeting_id'),
      tasks: has(Task, 'tasks.meeting_id'),
      decisions: has(Decision, 'decisions.meeting_id'),
      questions: has(Question, 'questions.meeting_id'),
    };
  }
}

/** Who was there, under the name given for this meeting. */
export class MeetingParticipant extends BaseModel {
  static override readonly tableName = 'meeting_participants';
  static override readonly idColumn = ['meeting_id', 'user_id'];

  declare meetingId: string;
  declare userId: string;
  declare name: string;
  declare position: number;

  declare user?: User;

  static override get relationMappings(): RelationMappings {
    return {
      user: {
        relation: Model.BelongsToOneRelation,
        modelClass: User,
        join: { from: 'meeting_participants.user_id', to: 'users.id' },
      },
    };
  }
}
