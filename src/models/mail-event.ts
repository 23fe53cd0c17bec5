import type { Transaction } from 'objection';
import type { ReportedEvent } from '../domain/delivery/mail-report';
import { BaseModel } from './base';

/** A report of SendGrid about one of our mails; each is kept once, however often it arrives. */
export class MailEvent extends BaseModel {
  static override readonly tableName = 'mail_events';
  static override readonly idColumn = 'sg_event_id';

  declare sgEventId: string;
  declare deliveryId: string;
  declare event: ReportedEvent;
  /** When it happened, by SendGrid's clock. */
  declare at: Date;

  /** Whether it is new; one that was recorded before stays as it is. */
  static async record(
    trx: Transaction,
    { sgEventId, deliveryId, event, at }: Pick<MailEvent, 'sgEventId' | 'deliveryId' | 'event' | 'at'>,
  ): Promise<boolean> {
    // Objection gives back what it was handed, whether or not a row was made of it.
    const made: unknown[] = await MailEvent.bindKnex(trx)
      .knexQuery()
      .insert({ sg_event_id: sgEventId, delivery_id: deliveryId, event, at })
      .onConflict('sg_event_id')
      .ignore()
      .returning('sg_event_id');
    return made.length > 0;
  }
}
