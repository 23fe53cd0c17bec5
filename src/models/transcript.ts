import { Model, type PartialModelObject, type RelationMappings, type TransactionOrKnex } from 'objection';
import type { HeardSegment, HeardWord, Segment, VoiceTurn } from '../domain/meeting';
import { BaseModel } from './base';

/** Who a speaker label stands for, and how we know. */
export interface SpeakerName {
  name: string;
  userId: string | null;
  source: 'evidence' | 'person';
}

/** Seven columns each; Postgres takes 65,535 values in a statement. */
const ROWS_PER_INSERT = 2000;

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

  /** Inserts as many as there are, in statements that Postgres takes. */
  static async insertAll(
    trx: TransactionOrKnex,
    rows: PartialModelObject<TranscriptSegment>[],
  ): Promise<TranscriptSegment[]> {
    const inserted: TranscriptSegment[] = [];
    for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
      const batch = rows.slice(start, start + ROWS_PER_INSERT);
      inserted.push(...(await TranscriptSegment.query(trx).insert(batch)));
    }
    return inserted;
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
