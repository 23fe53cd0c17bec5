import { BaseModel } from './base';

/** A request that its sender may repeat for 24 hours and that is done once. */
export class IdempotencyKey extends BaseModel {
  static override readonly tableName = 'idempotency_keys';
  static override readonly idColumn = ['user_id', 'key'];
  static override readonly jsonAttributes = ['responseHeaders', 'responseBody'];

  declare userId: string;
  declare key: string;
  /** Method and path, parameters filled in. */
  declare route: string;
  /** Another one with every request that takes the key. */
  declare holder: string;
  declare state: 'running' | 'done';
  /** While running: others wait until then, and take the key afterwards. */
  declare leaseUntil: Date;
  /** SHA-256 of what was asked for; null while running. */
  declare fingerprint: string | null;
  declare responseStatus: number | null;
  declare responseHeaders: Record<string, string> | null;
  declare responseBody: object | null;
  /** Whose content the answer shows; the row goes with it. */
  declare meetingId: string | null;
  declare madeUserId: string | null;
  declare createdAt: Date;
}
