import { BaseModel } from './base';

/** Committed before the first byte is stored: a sweep tells an upload in progress from an orphan by the lease. */
export class Upload extends BaseModel {
  static override readonly tableName = 'uploads';

  declare id: string;
  declare mediaKey: string;
  declare userId: string | null;
  declare meetingId: string | null;
  declare state: 'receiving' | 'stored' | 'abandoned';
  declare leaseUntil: Date;
  declare createdAt: Date;
}
