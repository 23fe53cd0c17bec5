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
    ...Object.values(fields).reduce((all, columns) => ({ ...all, ...columns }), {}),
    ...('owner' in fields && { agreed: false }),
    ...(fields.needsReview?.needsReview === false && { agreed: true }),
    editedFields: [...new Set([...task.editedFields, ...names])],
    version: task.version + 1,
    updatedAt: new Date(),
  };
}

/** By the field's name, what it writes. */
function changedFields(task: Task, change: TaskChange, timezone: string): Record<string, Columns> {
  const { name, owner, status, deadline, category, needsReview } = change;
  const columns = deadline === undefined ? task : deadlineColumns(deadline, timezone);
  const differs: Record<string, Columns | false> = {
    name: isOther(name, task.name) && { name },
    owner: isOther(owner, task.ownerId) && { ownerId: owner },
    status: isOther(status, task.status) && { status },
    deadline: !sameDeadline(columns, task) && columns,
    category: isOther(category, task.category) && { category },
    needsReview: isOther(needsReview, task.needsReview) && { needsReview },
  };
  const entries = Object.entries(differs).filter((entry): entry is [string, Columns] => entry[1] !== false);
  return Object.fromEntries(entries);
}

const isOther = <T>(wanted: T | undefined, present: T): wanted is T =>
  wanted !== undefined && wanted !== present;
