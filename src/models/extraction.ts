import type { JudgedItems } from '../domain/judged';
import { BaseModel } from './base';

export interface ExtractionCounts {
  actionItems: number;
  decisions: number;
  questions: number;
}

export interface ExtractionChanges {
  added: number;
  updated: number;
  removed: number;
  kept: number;
}

/** What an extraction did to one item: the row before and after, null where there was or is none. */
export interface DiffEntry {
  kind: 'task' | 'decision' | 'question';
  change: keyof ExtractionChanges;
  id: string;
  before: object | null;
  after: object | null;
}

/** One reading of one transcript version. A draft has no version and is served to nobody. */
export class Extraction extends BaseModel {
  static override readonly tableName = 'extractions';
  static override readonly jsonAttributes = ['items', 'counts', 'changes', 'diff'];

  declare id: string;
  declare meetingId: string;
  declare transcriptId: string;
  declare requestId: string;
  declare version: number | null;
  declare state: 'draft' | 'applied';
  declare items: JudgedItems | null;
  declare provider: string;
  declare model: string;
  declare quality: 'draft' | 'standard';
  declare promptVersion: string;
  declare instructions: string | null;
  declare requestedBy: string | null;
  declare coverage: number;
  declare inputTokens: number | null;
  declare outputTokens: number | null;
  /** A numeric column: pg gives it as a string. */
  declare cost: string | null;
  declare counts: ExtractionCounts;
  declare changes: ExtractionChanges;
  /** Rows as JSON: their dates are strings. Goes with the meeting, like every row that quotes it. */
  declare diff: DiffEntry[];
  declare createdAt: Date;
}
