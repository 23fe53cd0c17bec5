import { BaseModel } from './base';

/** A line of the ledger: one mail or one calendar entry for one person, committed before the call. */
export class Delivery extends BaseModel {
  static override readonly tableName = 'deliveries';
  static override readonly jsonAttributes = ['error'];

  declare id: string;
  declare taskId: string;
  /** The recipient. */
  declare userId: string | null;
  declare channel: 'email' | 'calendar';
  declare kind: 'assigned' | 'reminder';
  declare taskVersion: number;
  /** What a `reminder` reminds of; one for each deadline and person. */
  declare deadline: string | null;
  /** 0, or how often a person has explicitly asked for it again. */
  declare resend: number;
  /** `unknown` = it may have gone out; only a person sends it again. */
  declare state: 'pending' | 'sending' | 'sent' | 'failed' | 'unknown';
  declare attempts: number;
  /** The attempt that made it `sending`. */
  declare sender: string | null;
  declare provider: string | null;
  declare providerMessageId: string | null;
  declare error: { code: string; message: string } | null;
  declare requestedBy: string | null;
  declare createdAt: Date;
  declare updatedAt: Date;
}
