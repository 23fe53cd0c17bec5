import { Model, type RelationMappings } from 'objection';
import type { Evidence } from '../domain/meeting';
import { BaseModel } from './base';
import { Delivery } from './delivery';
import { User } from './user';

export const TASK_STATUSES = ['open', 'in_progress', 'done', 'cancelled'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** To be patched with: mail and calendar shall look at the task again, although nothing that people see has changed. */
export const fallBehind = () => ({ syncedVersion: -1 });

/** A piece of work: found in a meeting (`ai`) or written by a person (`human`). */
export class Task extends BaseModel {
  static override readonly tableName = 'tasks';
  static override readonly jsonAttributes = ['evidence'];

  declare id: string;
  declare meetingId: string | null;
  declare extractionId: string | null;
  declare name: string;
  declare ownerId: string | null;
  /** The owner as spoken. */
  declare ownerText: string | null;
  declare createdBy: string | null;
  declare status: TaskStatus;
  /** `YYYY-MM-DD`: due at that day's end in `deadlineTimezone`. */
  declare deadlineDate: string | null;
  declare deadlineAt: Date | null;
  declare deadlineTimezone: string | null;
  /** The words that were said. */
  declare deadlineText: string | null;
  declare category: string | null;
  declare origin: 'ai' | 'human';
  /** Names of the fields (as in the API) that a person changed. */
  declare editedFields: string[];
  declare needsReview: boolean;
  /** The owner says or accepts it in the cited words: only then does a mail go out by itself. */
  declare agreed: boolean;
  declare evidence: Evidence[];
  declare fingerprint: string | null;
  declare deletedAt: Date | null;
  declare version: number;
  /** The version that mail and calendar know; 0 = none yet, -1 = none for sure. */
  declare syncedVersion: number;
  /** When `TaskSync` will order the reminder; null = none is to come. */
  declare remindAt: Date | null;
  /** The deadline that this reminder is for. */
  declare remindOf: string | null;
  declare createdAt: Date;
  declare updatedAt: Date;

  declare owner?: User | null;
  declare deliveries?: Delivery[];

  static override get relationMappings(): RelationMappings {
    return {
      owner: {
        relation: Model.BelongsToOneRelation,
        modelClass: User,
        join: { from: 'tasks.owner_id', to: 'users.id' },
      },
      deliveries: {
        relation: Model.HasManyRelation,
        modelClass: Delivery,
        join: { from: 'tasks.id', to: 'deliveries.task_id' },
      },
    };
  }
}
