import type { Evidence } from '../domain/meeting';
import { BaseModel } from './base';

export class Question extends BaseModel {
  static override readonly tableName = 'questions';
  static override readonly jsonAttributes = ['evidence'];

  declare id: string;
  declare meetingId: string;
  declare extractionId: string;
  declare position: number;
  declare text: string;
  declare status: 'open' | 'answered';
  declare needsReview: boolean;
  declare evidence: Evidence[];
  declare fingerprint: string;
  declare createdAt: Date;
}
