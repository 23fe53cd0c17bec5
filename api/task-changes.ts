import type { Task, TaskStatus } from '../src/models/task';
import { deadlineColumns, sameDeadline } from './deadline';

/** What a person may change; absent = unchanged, null = clear. */
export interface TaskChange {
  name?: string;
  owner?: string | null;
  status?: TaskStatus;
  deadline?: string | null;
  category?: string | null;
  needsReview?: boolean;
}

type Columns = Partial<Task>;

/**
 * The columns to write, or null when nothing differs: then the version stays. Every changed field is remembered as
 * edited by a person, so that no later extraction overwrites it.
 *
 * A person who confirms a task (`needsReview: false`) vouches for it: from then on its mail goes out as if the owner
 * had agreed in the cited words. Nobody has agreed for a new owner.
 */
export function changesOf(task: Task, change: TaskChange, timezone: string): Columns | null {
  const fields = changedFields(task, change, timezone);
  const names = Object.keys(fields);
  if (names.length === 0) return null;
  return {
    ...Object.assign({}, ...Object.values(fields)),
    ...('owner' in fields && { agreed: false }),
    ...(fields.needsReview?.needsReview === false && { agreed: true }),
    editedFields: [...new Set([...task.editedFields, ...names])],
    version: task.version + 1,
    updatedAt: new Date(),
  };
}

function changedFields(task: Task, change: TaskChange, timezone: string): Record<string, Columns> {
  const { name, owner, status, deadline, category, needsReview } = change;
  const fields: Record<string, Columns> = {};
  if (name !== undefined && name !== task.name) fields.name = { name };
  if (owner !== undefined && owner !== task.ownerId) fields.owner = { ownerId: owner };
  if (status !== undefined && status !== task.status) fields.status = { status };
  if (category !== undefined && category !== task.category) fields.category = { category };
  if (needsReview !== undefined && needsReview !== task.needsReview) fields.needsReview = { needsReview };
  if (deadline !== undefined) {
    const columns = deadlineColumns(deadline, timezone);
    if (!sameDeadline(columns, task)) fields.deadline = columns;
  }
  return fields;
}
