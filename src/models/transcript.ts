import { randomUUID } from 'node:crypto';
import { Model, type PartialModelObject, type RelationMappings, type TransactionOrKnex } from 'objection';
import type { HeardSegment, HeardWord, Segment, VoiceTurn } from '../domain/meeting';
import { BaseModel } from './base';

/** Who a speaker label stands for, and how we know. */
export interface SpeakerName {
  name: string;
  userId: string | null;
  source: 'evidence' | 'person';
}

/** The rows as one value: a statement with seven for each row costs more to build and to read than to carry out. */
const insertSegments = (transcriptId: string): string => `
  insert into transcript_segments (transcript_id, ordinal, speaker, start_ms, end_ms, text, confidence)
  select ${transcriptId}, ordinality - 1, speaker, "startMs", "endMs", text, confidence
  from rows from (
    json_to_recordset(cast(? as json))
      as (speaker text, "startMs" integer, "endMs" integer, text text, confidence real)
  ) with ordinality`;

/** What an uploaded transcript says of a segment, or an engine, which is more or less sure of it. */
type NewSegment = Pick<Segment, 'speaker' | 'startMs' | 'endMs' | 'text'> &
  Partial<Pick<Segment, 'confidence'>>;

/** One version of a meeting's words. A draft has no version and is served to nobody. */
export class Transcript extends BaseModel {
  static override readonly tableName = 'transcripts';
  static override readonly jsonAttributes = ['speakers', 'voices'];

  declare id: string;
  declare meetingId: string;
  declare requestId: string;
  declare version: number | null;
  declare state: 'draft' | 'complete';
  declare provider: string | null;
  declare model: string | null;
  declare quality: 'draft' | 'standard' | null;
  declare language: string | null;
  /** Segments keep the label; this says what to show for it. */
  declare speakers: Record<string, SpeakerName>;
  declare voices: VoiceTurn[] | null;
  /** Phrases that the engine repeated or heard in silence, taken out. */
  declare dropped: number;
  declare createdAt: Date;

  declare segments?: TranscriptSegment[];

  /** Makes a transcript with these segments, in this order: one statement. Returns its id. */
  static async insertWhole(
    trx: TransactionOrKnex,
    fields: PartialModelObject<Transcript>,
    segments: readonly NewSegment[],
  ): Promise<string> {
    const id = randomUUID();
    const transcript = Transcript.query(trx)
      .insert({ ...fields, id })
      .toKnexQuery();
    const statement = `with transcript as (?) ${insertSegments('(select id from transcript)')}`;
    await trx.raw(statement, [transcript, JSON.stringify(segments)]);
    return id;
  }

  static override get relationMappings(): RelationMappings {
    return {
      segments: {
        relation: Model.HasManyRelation,
        modelClass: TranscriptSegment,
        join: { from: 'transcripts.id', to: 'transcript_segments.transcript_id' },
      },
    };
  }
}

/** A piece of the cut list of a draft. */
export class TranscriptPiece extends BaseModel {
  static override readonly tableName = 'transcript_pieces';
  static override readonly idColumn = ['transcript_id', 'start_ms'];

  declare transcriptId: string;
  declare startMs: number;
  declare endMs: number;
  declare state: 'pending' | 'done';
  /** How often what this is a part of was halved. */
  declare depth: number;
  /** Calls that may have been paid for and brought nothing. */
  declare wastedCalls: number;
}

/** What was heard of a draft so far. Times count from the start of the recording. */
export class HeardSegmentRow extends BaseModel implements HeardSegment {
  static override readonly tableName = 'heard_segments';
  static override readonly idColumn = ['transcript_id', 'start_ms'];
  static override readonly jsonAttributes = ['words'];

  declare transcriptId: string;
  declare startMs: number;
  declare endMs: number;
  declare text: string;
  declare confidence: number | null;
  declare speaker: string | null;
  declare words: HeardWord[];
}

export class TranscriptSegment extends BaseModel implements Segment {
  static override readonly tableName = 'transcript_segments';
  /** Select these: the column that search reads is large. */
  static readonly columns = [
    'id',
    'transcriptId',
    'ordinal',
    'speaker',
    'startMs',
    'endMs',
    'text',
    'confidence',
  ];

  /** Makes these the transcript's segments, in this order. */
  static async insertAll(
    trx: TransactionOrKnex,
    transcriptId: string,
    segments: readonly NewSegment[],
  ): Promise<void> {
    await trx.raw(insertSegments('cast(? as uuid)'), [transcriptId, JSON.stringify(segments)]);
  }

  declare id: string;
  declare transcriptId: string;
  declare ordinal: number;
  /** The label: a name from an uploaded transcript, or "Speaker n". */
  declare speaker: string | null;
  declare startMs: number | null;
  declare endMs: number | null;
  declare text: string;
  declare confidence: number | null;
}
