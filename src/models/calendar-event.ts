import { BaseModel } from './base';

/** An entry on somebody's calendar that stands for a task. */
export class CalendarEventRow extends BaseModel {
  static override readonly tableName = 'calendar_events';

  declare id: string;
  declare taskId: string;
  declare userId: string | null;
  declare eventId: string;
  /** A deleted event keeps its id for ever; the next one counts on. */
  declare generation: number;
  declare etag: string | null;
  declare provider: string;
  declare removedAt: Date | null;
  declare createdAt: Date;
  declare updatedAt: Date;
}
