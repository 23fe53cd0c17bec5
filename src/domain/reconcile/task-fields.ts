import type { JudgedTask } from '../judged';
import type { Evidence } from '../meeting';
import { differing } from './change';
import { fingerprint } from './matter';

/** What a reading says of a task, as columns. */
export interface TaskFields {
  name: string;
  ownerId: string | null;
  ownerText: string | null;
  deadlineDate: string | null;
  deadlineAt: Date | null;
  deadlineTimezone: string | null;
  deadlineText: string | null;
  category: string | null;
  needsReview: boolean;
  agreed: boolean;
  evidence: Evidence[];
  /** Of the name as the last reading put it, whatever a person called it since. */
  fingerprint: string | null;
}

/** A task as it is now, as far as a new reading needs it. */
export interface EarlierTask extends TaskFields {
  id: string;
  origin: 'ai' | 'human';
  status: 'open' | 'in_progress' | 'done' | 'cancelled';
  /** Names of the fields, as in the API, that a person changed. */
  editedFields: readonly string[];
  deletedAt: Date | null;
  /** Somebody was told of it, or is being told. */
  told: boolean;
}

/** By the name of what a person edits: what belongs to it. Words that were said go with the value they led to. */
const EDITABLE: Record<string, readonly (keyof TaskFields)[]> = {
  name: ['name'],
  owner: ['ownerId', 'ownerText'],
  deadline: ['deadlineDate', 'deadlineAt', 'deadlineTimezone', 'deadlineText'],
  category: ['category'],
  needsReview: ['needsReview'],
};

/** @param timezone - the meeting's */
export function taskFields(task: JudgedTask, timezone: string): TaskFields {
  const { deadline } = task;
  return {
    name: task.name,
    ownerId: task.ownerUserId,
    ownerText: task.ownerText,
    deadlineDate: deadline && 'date' in deadline ? deadline.date : null,
    deadlineAt: deadline && 'at' in deadline ? new Date(deadline.at) : null,
    deadlineTimezone: deadline && timezone,
    deadlineText: task.deadlineText,
    category: task.category,
    needsReview: task.needsReview,
    agreed: task.agreed,
    evidence: task.evidence,
    fingerprint: fingerprint(task.name),
  };
}

const isEdited = (task: EarlierTask, field: string): boolean => task.editedFields.includes(field);

/** Finished work is history. */
export const isFinished = ({ status }: EarlierTask): boolean => status === 'done' || status === 'cancelled';

/**
 * What a new reading changes of a task that it found again: every field that no person edited, where it differs.
 *
 * Nobody hears of a task because two readings disagree on whose it is: once somebody was told, the owner stays and the
 * task waits for a person's review. Where a person has said whose it is, a reading's doubt is about what it read, not
 * about the task: it would only silence a reminder that they count on.
 */
export function followReading(task: EarlierTask, read: TaskFields): Partial<TaskFields> {
  if (task.origin === 'human' || task.deletedAt || isFinished(task)) return {};
  const disputed = isDisputed(task, read);
  const wanted: Partial<TaskFields> = { ...read, needsReview: disputed || isDoubted(task, read) };
  const stays = Object.keys(EDITABLE).filter((field) => isEdited(task, field));
  for (const field of disputed ? [...stays, 'owner'] : stays) {
    for (const column of EDITABLE[field]!) delete wanted[column];
  }
  if (!speaksForOwner(task, read, wanted)) delete wanted.agreed;
  return differing<TaskFields>(task, wanted);
}

const isDisputed = (task: EarlierTask, read: TaskFields): boolean =>
  task.told && task.ownerId !== null && !isEdited(task, 'owner') && read.ownerId !== task.ownerId;

const isDoubted = (task: EarlierTask, read: TaskFields): boolean =>
  read.needsReview && (task.needsReview || !isEdited(task, 'owner'));

/**
 * Whether the reading's "agreed" is about whom the task will belong to. A person's confirmation vouches for the owner
 * of its time, and for no other.
 */
function speaksForOwner(task: EarlierTask, read: TaskFields, wanted: Partial<TaskFields>): boolean {
  const owner = wanted.ownerId === undefined ? task.ownerId : wanted.ownerId;
  if (owner !== read.ownerId) return false;
  return owner !== task.ownerId || !isEdited(task, 'needsReview');
}

/** What is marked on a task that was not found again but must not be lost. */
export function markVanished(task: EarlierTask): Partial<TaskFields> {
  if (isFinished(task) || isEdited(task, 'needsReview')) return {};
  return differing<TaskFields>(task, { needsReview: true });
}
