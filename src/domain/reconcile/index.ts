/** A new reading of a meeting against what is there already: what to add, change, keep and remove. */
export type { ItemChange } from './change';
export { reconcileFindings, type FindingFields } from './findings';
export { type EarlierTask, type TaskFields } from './task-fields';
export { isSeen, reconcileTasks } from './tasks';
