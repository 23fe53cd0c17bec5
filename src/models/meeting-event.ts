import { raw, type PartialModelObject, type TransactionOrKnex } from 'objection';
import { BaseModel } from './base';
import { Meeting } from './meeting';

export const EVENT_TYPES = ['status', 'transcript', 'extraction', 'task', 'delivery', 'failure'] as const;
export type MeetingEventType = (typeof EVENT_TYPES)[number];

const APPEND = `
  with counted as (?)
  insert into meeting_events (meeting_id, seq, type, data)
  select counted.id, counted.event_seq - ? + event.ordinality, event.value ->> 'type', event.value -> 'data'
  from counted, jsonb_array_elements(cast(? as jsonb)) with ordinality as event`;

/** One that has no place in the sequence yet. */
export type NewEvent = Pick<MeetingEvent, 'type' | 'data'>;

/** Append-only record of what happened to a meeting; the live progress reads it. */
export class MeetingEvent extends BaseModel {
  static override readonly tableName = 'meeting_events';
  static override readonly idColumn = ['meeting_id', 'seq'];
  static override readonly jsonAttributes = ['data'];

  declare meetingId: string;
  declare seq: number;
  declare type: MeetingEventType;
  declare data: Record<string, unknown>;
  declare at: Date;

  /**
   * Appends one event with the meeting's next sequence number. The meeting's row lock keeps the sequence without
   * gaps: call it inside the transaction that makes the change. Does nothing when the meeting is gone.
   */
  static append(
    trx: TransactionOrKnex,
    meetingId: string,
    type: MeetingEventType,
    data: Record<string, unknown>,
  ): Promise<void> {
    return MeetingEvent.appendAll(trx, meetingId, [{ type, data }]);
  }

  /**
   * As `append`, for several in their order: one statement, however many.
   * @param along - is written to the meeting together with its count of events
   */
  static async appendAll(
    trx: TransactionOrKnex,
    meetingId: string,
    events: NewEvent[],
    along: PartialModelObject<Meeting> = {},
  ): Promise<void> {
    if (events.length === 0) return;
    const counted = Meeting.query(trx)
      .findById(meetingId)
      .patch({ ...along, eventSeq: raw('event_seq + ?', [events.length]) })
      .returning(['id', 'event_seq'])
      .toKnexQuery();
    await trx.raw(APPEND, [counted, events.length, JSON.stringify(events)]);
  }
}
