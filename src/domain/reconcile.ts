import type { JudgedTask } from './judged';

/** A task as an earlier extraction left it, as far as matching needs it. */
export interface EarlierTask {
  id: string;
  fingerprint: string | null;
  /** A person edited, finished or deleted it, or somebody was told of it. */
  touched: boolean;
}

export interface TaskChanges {
  add: JudgedTask[];
  /** Untouched tasks that were found again: the new reading replaces the old. */
  update: { id: string; task: JudgedTask }[];
  /** Found again or not: a person's hand is on them, so they stay as they are. */
  keep: string[];
  /** Not found again, and nobody had touched them. */
  remove: string[];
}

/** The same words, whatever their case, punctuation and spacing, make the same item. */
export function fingerprint(words: string): string {
  return (
    words
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu)
      ?.join(' ') ?? ''
  );
}

/**
 * Compares a new reading with the tasks that earlier ones made. Nothing that a person touched is changed, and what a
 * person deleted is not added again.
 */
export function reconcile(earlier: EarlierTask[], found: JudgedTask[]): TaskChanges {
  const unmatched = new Map(earlier.map((task) => [task.fingerprint ?? task.id, task]));
  const changes: TaskChanges = { add: [], update: [], keep: [], remove: [] };
  for (const task of found) {
    const key = fingerprint(task.name);
    const match = unmatched.get(key);
    unmatched.delete(key);
    if (!match) changes.add.push(task);
    else if (match.touched) changes.keep.push(match.id);
    else changes.update.push({ id: match.id, task });
  }
  for (const task of unmatched.values()) (task.touched ? changes.keep : changes.remove).push(task.id);
  return changes;
}
