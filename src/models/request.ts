import type { QueryBuilder, TransactionOrKnex } from 'objection';
import type { Failure } from '../domain/meeting';
import { BaseModel } from './base';

/** What somebody asked of a meeting's pipeline. The same id twice does one thing. */
export class Request extends BaseModel {
  static override readonly tableName = 'requests';
  static override readonly idColumn = ['meeting_id', 'request_id'];
  static override readonly jsonAttributes = ['failure'];

  declare meetingId: string;
  declare requestId: string;
  declare kind: 'transcribe' | 'extract' | 'cancel';
  declare instructions: string | null;
  declare language: string | null;
  declare requestedBy: string | null;
  declare state: 'pending' | 'running' | 'done' | 'failed' | 'cancelled';
  declare failure: Failure | null;
  /** null = Temporal was not told yet; the api's loop will. */
  declare signalledAt: Date | null;
  declare createdAt: Date;
  declare finishedAt: Date | null;
}

/** Still to be done, or being done. */
export const OPEN_STATES: Request['state'][] = ['pending', 'running'];

export const openRequests = (db: TransactionOrKnex, meetingId: string): QueryBuilder<Request> =>
  Request.query(db).where({ meetingId }).whereIn('state', OPEN_STATES);
